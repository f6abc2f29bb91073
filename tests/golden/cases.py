"""The questions whose whole answers are kept as golden documents, by name: lab and inputs.

Those of the gallery, and others that show what it does not.
"""

from nabla.gallery import texts
from nabla.gallery.examples import EXAMPLES

# In double precision, so that the numbers are the same whichever way a processor adds.
ADAM = """import torch
import torch.nn as nn
import torch.nn.functional as F

X = torch.tensor([[0.0, 1.0], [1.0, 0.5], [2.0, -1.0], [3.0, 0.0]]).double()
y = torch.tensor([[1.0], [2.5], [3.0], [6.0]]).double()
line = nn.Linear(2, 1).double()
nn.init.constant_(line.weight, 0.5)
nn.init.zeros_(line.bias)
adam = torch.optim.Adam(line.parameters(), lr=0.1)
for step in range(20):
    adam.zero_grad()
    loss = F.mse_loss(line(X), y)
    loss.backward()
    adam.step()
    if step % 10 == 9:
        print(step + 1, f"{loss.item():.4f}")
"""
SUMMED_LOOP = """import torch

w = torch.tensor(0.5, requires_grad=True)
h = torch.tensor(1.0)
total = 0
for step in range(60):
    h = w * h + 1
    total = total + h
total.backward()
"""
NUMPY = """import numpy as np

X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
t = np.array([1.0, 2.0, 2.5])
w = np.array([0.5, 0.0])
z = X @ w
p = 1 / (1 + np.exp(-z))
loss = np.sum((p - t) ** 2)
"""

CASES: dict[str, tuple[str, dict[str, str]]] = {
    **{example.name: (example.lab, example.inputs) for example in EXAMPLES},
    "chain-rule-at-a-point": ("derive", {"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"}),
    "product-and-chain": ("derive", {"f": "2x sin(x^2)", "wrt": "x", "at": "x=pi/2", "detail": "novice"}),
    "mixed-partial": ("derive", {"f": "x^2*y^3", "wrt": "x,y", "at": "x=2,y=1"}),
    "second-derivative": ("derive", {"f": "exp(-x^2/2)", "wrt": "x,x"}),
    "pole": ("derive", {"f": "1/x", "at": "x=0"}),
    "exercise-answered": ("derive", {"practice": "chain 2 seed 1", "claim": "1/sin(x)"}),
    "absent-variable": ("derive", {"f": "x^2", "wrt": "z"}),
    "gradient": ("derive", {"f": "x^2*y + sin z", "what": "gradient", "at": "x=1,y=2,z=0"}),
    "direction": ("derive", {"f": "x^2*y", "direction": "3, 4", "at": "x=1,y=1"}),
    "along-a-path": ("derive", {"f": "x^2*y", "path": "x=cos t, y=sin t"}),
    "stated-domain": ("derive", {"f": "|x| ln(x)", "wrt": "x", "domain": "x > 0"}),
    "transposed": ("derive", {"f": "x*y; x+y^2", "what": "jacobian", "claim": "[[y, 1], [x, 2y]]"}),
    "program-adam": ("backprop", {"code": ADAM}),
    "program-loop": ("backprop", {"code": SUMMED_LOOP}),
    "program-numpy": ("backprop", {"code": NUMPY}),
    "network-set-up": (
        "train",
        {"X": "0,0; 0,1; 1,0; 1,1", "y": "0; 1; 1; 0", "hidden": "3", "activation": "tanh", "bias": "on", "steps": "8"},
    ),
    "the-repaired-field": (
        "decompose",
        {
            "V": f"{texts.REPAIRED}; 0; 0",
            "domain": "x=100..20100, z=100..20100",
            "n": "22",
            "boundary": "wall",
        },
    ),
}

# How far the documents of other machines may differ where rounding errors are not the last digits of what is shown.
ROUGH = {
    "gradient-of-cross-entropy": 1e-6,  # computed in single precision, as PyTorch does
    "wrong-sign-in-my-gradient": 1e-6,  # a search that fails, at rounding errors in the end
}
