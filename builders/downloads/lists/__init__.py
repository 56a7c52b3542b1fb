"""The lists that programs fetch files by: one module, one list; what they share is `builders.downloads.list_kind`.

May import: what builders.downloads may.
"""
