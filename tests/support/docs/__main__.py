"""`make docs`: writes the generated pages."""

from support.docs import GENERATED
from support.house import ROOT

for path, text in GENERATED.items():
    (ROOT / path).write_text(text(), encoding="utf-8")
    print(f"wrote {path}")
