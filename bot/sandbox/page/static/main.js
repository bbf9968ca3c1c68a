// Starts the page. The order matters where two modules listen to the same key: pop-ups first, dialogs last.
import "./menus.js";
import "./select.js";
import "./tables.js";
import "./actions.js";
import "./composer.js";
import "./modals.js";
import "./panels.js";
import { listen } from "./live.js";
import { polish } from "./polish.js";
import { facts, post } from "./wire.js";

polish();
document.querySelectorAll(".history:not(.home-pane)").forEach((history) => history.scrollTo(0, history.scrollHeight));
listen();
if (facts.tab === "home") post("home", {});
