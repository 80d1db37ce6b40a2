"""When a company answers: named weekly schedules with holidays, and business time computed from them.

`calendar` is arithmetic alone. Verbs: create, update, delete, make_default. Knows no project, conversation or policy.
"""
