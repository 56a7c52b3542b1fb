"""The lists of a site: ONE FILE = ONE LIST (or two that belong together), found by `builders.html.list_kind`.

May import: what builders.pages may.
"""
