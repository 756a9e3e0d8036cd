"""A mail server for tests: says its port, then each letter that it took as a line of JSON."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

way, folder, password = sys.argv[1:]


class Takes:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later@"):
            return "450 come back later"
        if address.startswith("never@"):
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "secret": session.ssl is not None or way == "from-start",
            "login": session.auth_data,
            "letter": envelope.content.decode(),
        }
        print(json.dumps(letter), flush=True)
        return "250 taken"


def lets_in(server, session, envelope, mechanism, login):
    right = login.password.decode() == password
    return AuthResult(success=right, handled=False, auth_data=login.login.decode())


def served():
    start_tls = way == "start-tls"
    return SMTP(
        Takes(),
        authenticator=lets_in,
        auth_required=way != "clear",
        auth_require_tls=start_tls,
        tls_context=context if start_tls else None,
        require_starttls=start_tls,
        loop=loop,
    )


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
if way != "clear":
    context.load_cert_chain(f"{folder}/certificate", f"{folder}/key")
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
listening = loop.run_until_complete(
    loop.create_server(served, "127.0.0.1", 0, ssl=context if way == "from-start" else None)
)
print(listening.sockets[0].getsockname()[1], flush=True)
loop.run_forever()
