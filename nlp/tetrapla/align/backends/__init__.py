"""Aligners, one file each; a new file here, or an entry point of the group ``tetrapla.align.backends``, is known."""
