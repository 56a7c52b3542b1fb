"""What is made from many records: lists, feeds, indexes, stores, dumps. One file, one product.

May import: what site.run may.
"""
