"""The screen saver of the test's desktop: owns org.freedesktop.ScreenSaver, and says on the bus that
the screen was locked or unlocked for each JSON line on stdin: true or false.
"""

import json
import sys

from gi.repository import Gio, GLib

NAME = "org.freedesktop.ScreenSaver"


def main():
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    loop = GLib.MainLoop()

    def told(_source, _condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        active = GLib.Variant("(b)", (json.loads(line),))
        bus.emit_signal(None, "/org/freedesktop/ScreenSaver", NAME, "ActiveChanged", active)
        return True

    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, told)
    ready = lambda *_: print(json.dumps("ready"), flush=True)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, ready, None)
    loop.run()


if __name__ == "__main__":
    main()
