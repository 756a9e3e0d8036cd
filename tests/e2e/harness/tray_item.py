"""A program with a tray item and nothing else, for the harness's own tests.

It uses the library that the app will use, says on stdout which entry was clicked, and changes with it.
"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("AyatanaAppIndicator3", "0.1")

from gi.repository import AyatanaAppIndicator3 as Ayatana  # noqa: E402
from gi.repository import Gtk  # noqa: E402


def main():
    item = Ayatana.Indicator.new(
        "harness-item", "dialog-password", Ayatana.IndicatorCategory.APPLICATION_STATUS
    )
    item.set_status(Ayatana.IndicatorStatus.ACTIVE)
    item.set_title("Harness")
    item.set_label("2 due", "")

    def clicked(entry):
        item.set_label("locked", "")
        print(f'"{entry.get_label()}"', flush=True)

    def entry(label):
        made = Gtk.MenuItem(label=label)
        made.connect("activate", clicked)
        return made

    inner = Gtk.Menu()
    inner.append(entry("Leaked in a repo…"))
    emergency = Gtk.MenuItem(label="Emergency")
    emergency.set_submenu(inner)
    unavailable = entry("Unlock")
    unavailable.set_sensitive(False)

    menu = Gtk.Menu()
    for child in (entry("Lock"), unavailable, Gtk.SeparatorMenuItem(), emergency):
        menu.append(child)
    menu.show_all()
    item.set_menu(menu)
    Gtk.main()


if __name__ == "__main__":
    main()
