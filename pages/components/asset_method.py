"""How the register is kept and how duplicates are found, in words for the page."""

METHOD = """
Imported lists are never changed: what people change is kept beside them, with who, when and why, and laid
over them on every page. So a new import of the same list keeps every change. To undo is to add one more
change that takes the last one back. Bus within 400 m is a straight line to the nearest active stop of
NaPTAN. A place that is added by its postcode stands at the postcode's point in Code-Point Open. Costs and
capacities that nobody gave stay empty and are never taken for nought.

Duplicates are sought among places within 250 m of each other or with the same postcode: score = 0.6 name +
0.25 nearness + 0.15 postcode, shown from 0.6. Names are compared by their words, each weighed by how rare
it is (Dice, Ecology 26, 1945); nearness falls from 1 at the same point to nought at 250 m. Nothing is
merged unless a person says so.
"""
