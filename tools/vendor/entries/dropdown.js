// Menus of the UI kit, out of its own sources; dialogs are the browser's.
// A fixed position lets a menu leave a table that scrolls sideways.
import Dropdown from "@tabler/core/js/src/bootstrap/dropdown.ts";

Dropdown.Default.popperConfig = { strategy: "fixed" };
