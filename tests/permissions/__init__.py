"""Who may open what: every address asked as every role, compared with `table.txt`.

After adding an address or changing a rule, write the table anew and review the difference:

    WRITE_PERMISSIONS=1 python -m pytest tests/test_permissions.py && git diff tests/permissions
"""
