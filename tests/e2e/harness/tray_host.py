"""The notification area of the test's desktop: watcher and host of status notifier items.

Owns org.kde.StatusNotifierWatcher, and answers one JSON line on stdout for each JSON line on stdin:
{"id": 1, "ask": "items" | "item" | "menu" | "click", ...} -> {"id": 1, "answer": ...} or "error".
It keeps no copy of anything: every answer is read from the application at that moment.
"""

import hashlib
import json
import os
import sys

from gi.repository import Gio, GLib

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
# A window that waits for its first picture answers late.
ANSWER_MS = 25000

INTERFACE = f"""<node><interface name="{WATCHER}">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
  <signal name="StatusNotifierItemUnregistered"><arg type="s"/></signal>
  <signal name="StatusNotifierHostRegistered"/>
</interface></node>"""


class Tray:
    def __init__(self, bus):
        self.bus = bus
        self.items = {}  # "name/path" -> (bus name, object path)

    # The watcher

    def called(self, _bus, sender, _path, _interface, method, arguments, invocation):
        if method == "RegisterStatusNotifierItem":
            given = arguments.unpack()[0]
            # KDE's programs give a bus name, Ayatana's an object path.
            name, path = (sender, given) if given.startswith("/") else (given, "/StatusNotifierItem")
            self.items[name + path] = (name, path)
            self.signal("StatusNotifierItemRegistered", GLib.Variant("(s)", (name + path,)))
        invocation.return_value(None)

    def read(self, _bus, _sender, _path, _interface, name):
        return {
            "RegisteredStatusNotifierItems": GLib.Variant("as", list(self.items)),
            "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
            "ProtocolVersion": GLib.Variant("i", 0),
        }[name]

    def left(self, _bus, _sender, _path, _interface, _signal, arguments):
        gone, _old, new = arguments.unpack()
        if new:
            return
        for item in [key for key, (name, _) in self.items.items() if name == gone]:
            del self.items[item]
            self.signal("StatusNotifierItemUnregistered", GLib.Variant("(s)", (item,)))

    def signal(self, name, arguments):
        self.bus.emit_signal(None, "/StatusNotifierWatcher", WATCHER, name, arguments)

    # The host

    def call(self, name, path, interface, method, arguments):
        return self.bus.call_sync(
            name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, ANSWER_MS, None
        ).unpack()

    def properties(self, item):
        name, path = self.items[item]
        arguments = GLib.Variant("(s)", (ITEM,))
        return self.call(name, path, "org.freedesktop.DBus.Properties", "GetAll", arguments)[0]

    def ask_items(self, _request):
        return list(self.items)

    def ask_item(self, request):
        found = self.properties(request["item"])
        return {
            "id": found.get("Id", ""),
            "title": found.get("Title", ""),
            "status": found.get("Status", ""),
            "label": found.get("XAyatanaLabel", ""),
            "iconName": found.get("IconName", ""),
            "iconDescription": found.get("IconAccessibleDesc", ""),
            "picture": picture(found),
        }

    def layout(self, item):
        name, _ = self.items[item]
        path = self.properties(item)["Menu"]
        arguments = GLib.Variant("(iias)", (0, -1, []))
        return name, path, self.call(name, path, MENU, "GetLayout", arguments)[1]

    def ask_menu(self, request):
        return entries(self.layout(request["item"])[2])

    def ask_click(self, request):
        name, path, root = self.layout(request["item"])
        entry = {"children": entries(root)}
        for label in request["labels"]:
            found = [child for child in entry["children"] if child["label"] == label]
            if len(found) != 1:
                have = [child["label"] for child in entry["children"]]
                raise LookupError(f"{len(found)} entries «{label}» among {have}")
            entry = found[0]
            if not (entry["enabled"] and entry["visible"]):
                raise LookupError(f"nobody can click «{label}»: {entry}")
            if entry["children"]:
                self.call(name, path, MENU, "AboutToShow", GLib.Variant("(i)", (entry["id"],)))
        event = (entry["id"], "clicked", GLib.Variant("i", 0), 0)
        # As a panel does it: who is told to quit may not answer any more.
        arguments = GLib.Variant("(isvu)", event)
        self.bus.call(
            name, path, MENU, "Event", arguments, None, Gio.DBusCallFlags.NONE, ANSWER_MS, None, None
        )
        self.bus.flush_sync(None)
        return entry


def entries(node):
    """The menu under a node of GetLayout: (id, properties, children)."""
    return [
        {
            "id": number,
            "label": said.get("label", "").replace("__", "\0").replace("_", "").replace("\0", "_"),
            "type": said.get("type", "standard"),
            "enabled": said.get("enabled", True),
            "visible": said.get("visible", True),
            "toggle": said.get("toggle-type", ""),
            "checked": said.get("toggle-state", 0) == 1,
            "children": entries((number, said, children)),
        }
        for number, said, children in node[2]
    ]


def picture(found):
    """A hash of what is drawn: of the pixels sent, or of the file named."""
    pixels = found.get("IconPixmap") or []
    if pixels:
        return hashlib.sha256(repr(pixels).encode()).hexdigest()
    name, folder = found.get("IconName", ""), found.get("IconThemePath", "")
    for path in (name, os.path.join(folder, name), os.path.join(folder, f"{name}.png")):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
    return None


def main():
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    tray = Tray(bus)
    description = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object("/StatusNotifierWatcher", description, tray.called, tray.read, None)
    bus.signal_subscribe(
        "org.freedesktop.DBus",
        "org.freedesktop.DBus",
        "NameOwnerChanged",
        "/org/freedesktop/DBus",
        None,
        Gio.DBusSignalFlags.NONE,
        tray.left,
    )
    loop = GLib.MainLoop()

    def asked(source, condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        request = json.loads(line)
        reply = {"id": request["id"]}
        try:
            reply["answer"] = getattr(tray, f"ask_{request['ask']}")(request)
        except (LookupError, GLib.Error) as failure:
            reply["error"] = str(failure)
        print(json.dumps(reply), flush=True)
        return True

    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, asked)
    ready = lambda *_: print(json.dumps({"id": 0, "answer": "ready"}), flush=True)
    Gio.bus_own_name_on_connection(bus, WATCHER, Gio.BusNameOwnerFlags.NONE, ready, None)
    loop.run()


if __name__ == "__main__":
    main()
