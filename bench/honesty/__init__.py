"""Scripted attempts to close a case on paper, and honest closures beside them, through the real
actions: what is refused, what the verifier is told, what only a visit finds.

false.yaml, honest.yaml   the scripts: data, in the words of `stage.Stage`
shots                     the pictures, drawn: of a place, of another, changed copies
stage                     one small district in which a script is played
run                       plays them all and counts; nothing is typed in by hand
"""
