/* The dashboard's behaviour: htmx and its socket, then one small module per behaviour. */
import "./vendor/htmx.esm.min.js";
import "./vendor/hx-ws.min.js";

import "./lib/csrf.js";
import "./lib/problems.js";
import "./lib/dialogs.js";
import "./lib/lightbox.js";
import "./lib/popovers.js";
import "./lib/shortcuts.js";
import "./lib/strips.js";
import "./inbox/place.js";

import "./elements/alert-switches.js";
import "./elements/availability-switch.js";
import "./elements/browser-zone.js";
import "./elements/conversation-list.js";
import "./elements/canned-picker.js";
import "./elements/command-palette.js";
import "./elements/copy-button.js";
import "./elements/file-tray.js";
import "./elements/filter-list.js";
import "./elements/due-time.js";
import "./elements/growing-text.js";
import "./elements/inbox-live.js";
import "./elements/inbox-search.js";
import "./elements/language-switch.js";
import "./elements/live-presence.js";
import "./elements/local-time.js";
import "./elements/local-zone.js";
import "./elements/message-log.js";
import "./elements/picture-field.js";
import "./elements/reply-composer.js";
import "./elements/row-list.js";
import "./elements/slug-source.js";
import "./elements/theme-switch.js";
import "./elements/toast-area.js";
import "./elements/week-copier.js";
