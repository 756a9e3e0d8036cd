"""Watches the test's bus and prints one JSON line for each notification and each reply to it.

It is a monitor connection: it sees what the daemon is asked and what the daemon answers, and can
neither send nor answer itself, so nothing it prints is of its own making.
"""

import json
import os
import sys

from gi.repository import Gio, GLib

RULES = [
    "type='method_call',interface='org.freedesktop.Notifications',member='Notify'",
    "type='method_return'",
    "type='error'",
    "type='signal',interface='org.freedesktop.Notifications'",
]


def tell(**line):
    print(json.dumps(line), flush=True)


def notification(body):
    app, replaces, icon, summary, text, actions, hints, timeout = body.unpack()
    return {
        "app": app,
        "replaces": replaces,
        "icon": icon,
        "summary": summary,
        "body": text,
        "actions": [{"key": k, "label": v} for k, v in zip(actions[::2], actions[1::2])],
        "urgency": ["low", "normal", "critical"][hints.get("urgency", 1)],
        "timeout": timeout,
    }


def main():
    waiting = set()
    bus = Gio.DBusConnection.new_for_address_sync(
        os.environ["DBUS_SESSION_BUS_ADDRESS"],
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
        | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
        None,
        None,
    )

    def see(_bus, message, incoming, *_data):
        kind = message.get_message_type()
        if not incoming:
            return message
        if kind == Gio.DBusMessageType.METHOD_CALL:
            call = f"{message.get_sender()}/{message.get_serial()}"
            waiting.add(call)
            tell(event="asked", call=call, notification=notification(message.get_body()))
        elif kind in (Gio.DBusMessageType.METHOD_RETURN, Gio.DBusMessageType.ERROR):
            call = f"{message.get_destination()}/{message.get_reply_serial()}"
            if call in waiting:
                waiting.discard(call)
                body = message.get_body()
                if kind == Gio.DBusMessageType.ERROR:
                    tell(event="refused", call=call, error=message.get_error_name())
                else:
                    tell(event="shown", call=call, id=body.unpack()[0])
        elif kind == Gio.DBusMessageType.SIGNAL:
            values = message.get_body().unpack()
            if message.get_member() == "ActionInvoked":
                tell(event="action", id=values[0], key=values[1])
            elif message.get_member() == "NotificationClosed":
                tell(event="closed", id=values[0])
        # Swallowed: GLib would answer a call it does not know, and a monitor must not speak.
        return None

    bus.call_sync(
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.Monitoring",
        "BecomeMonitor",
        GLib.Variant("(asu)", (RULES, 0)),
        None,
        Gio.DBusCallFlags.NONE,
        5000,
        None,
    )
    bus.add_filter(see)
    tell(event="ready")
    loop = GLib.MainLoop()
    bus.connect("closed", lambda *_: loop.quit())
    loop.run()


if __name__ == "__main__":
    sys.exit(main())
