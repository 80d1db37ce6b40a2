/* The dashboard's behaviour: htmx and its socket, then one small module per behaviour. */
import "./vendor/htmx.esm.min.js";
import "./vendor/hx-ws.min.js";

import "./lib/csrf.js";
import "./lib/problems.js";
import "./lib/dialogs.js";
import "./lib/popovers.js";
import "./lib/shortcuts.js";
import "./inbox/place.js";

import "./elements/conversation-list.js";
import "./elements/copy-button.js";
import "./elements/growing-text.js";
import "./elements/inbox-live.js";
import "./elements/language-switch.js";
import "./elements/local-time.js";
import "./elements/message-log.js";
import "./elements/reply-composer.js";
import "./elements/slug-source.js";
import "./elements/theme-switch.js";
import "./elements/toast-area.js";
