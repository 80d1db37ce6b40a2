"""The application on a developer's machine: what `bin/dev` and `bin/flood` run. Production never imports it.

Verbs: `python -m chatapp.development` (all processes under one supervisor), `python -m chatapp.development.flood`
(live traffic against it). It knows how processes are started and configured, and nothing of what they do.
"""
