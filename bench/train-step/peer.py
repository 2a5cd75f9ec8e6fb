"""The other side of bench/train-step: the same training step in PyTorch.

    python peer.py <case of cases.json> <threads> <folder with the weights and the batch>

Answers each line "step" with one line of JSON, "end" with the largest memory that the process had. The network is
MONAI's UNet (0.8.1) written out, with MONAI's names, so that it starts from the weights that our side writes.
"""

import json
import resource
import sys
import time
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional


class Skip(nn.Module):
    def __init__(self, submodule):
        super().__init__()
        self.submodule = submodule

    def forward(self, x):
        return torch.cat([x, self.submodule(x)], 1)


class Residual(nn.Module):
    def __init__(self, conv, residual):
        super().__init__()
        self.conv = conv
        self.residual = residual

    def forward(self, x):
        return self.conv(x) + self.residual(x)


def block(conv, channels, conv_only=False):
    parts = OrderedDict(conv=conv)
    if not conv_only:
        parts["adn"] = nn.Sequential(OrderedDict(N=nn.InstanceNorm3d(channels), A=nn.PReLU()))
    return nn.Sequential(parts)


def residual_unit(inside, outside, stride, subunits, last_conv_only=False):
    units = OrderedDict()
    for index in range(subunits):
        first = index == 0
        conv = nn.Conv3d(inside if first else outside, outside, 3, stride if first else 1, 1)
        units[f"unit{index}"] = block(conv, outside, last_conv_only and index == subunits - 1)
    if stride != 1:
        shortcut = nn.Conv3d(inside, outside, 3, stride, 1)
    else:
        shortcut = nn.Identity() if inside == outside else nn.Conv3d(inside, outside, 1)
    return Residual(nn.Sequential(units), shortcut)


def level(inside, outside, channels, strides, top):
    own, stride = channels[0], strides[0]
    if len(channels) == 2:
        below, joined = residual_unit(own, channels[1], 1, 2), own + channels[1]
    else:
        below, joined = level(own, own, channels[1:], strides[1:], False), 2 * own
    up = nn.ConvTranspose3d(joined, outside, 3, stride, 1, stride - 1)
    refine = residual_unit(outside, outside, 1, 1, last_conv_only=top)
    return nn.Sequential(
        residual_unit(inside, own, stride, 2),
        Skip(below),
        nn.Sequential(block(up, outside), refine),
    )


def dice(logits, label):
    prediction = torch.softmax(logits, 1)
    target = torch.zeros_like(logits).scatter_(1, label.long(), 1.0)
    axes = (2, 3, 4)
    overlap = (prediction * target).sum(axes)
    total = prediction.sum(axes) + target.sum(axes)
    return (1 - (2 * overlap + 1e-5) / (total + 1e-5)).mean()


def dice_and_cross_entropy(logits, label):
    return dice(logits, label) + functional.cross_entropy(logits, label[:, 0].long())


LOSSES = {"DiceLoss": dice, "DiceCELoss": dice_and_cross_entropy}


def read_tensor(folder, entry):
    return torch.frombuffer(bytearray((folder / entry["file"]).read_bytes()), dtype=torch.float32).reshape(
        entry["shape"]
    )


def main(case_name, threads, folder):
    torch.set_num_threads(threads)
    case = json.loads((Path(__file__).parent / "cases.json").read_text())[case_name]
    tensors = {
        name: read_tensor(folder, entry)
        for name, entry in json.loads((folder / "tensors.json").read_text()).items()
    }
    image, label = tensors.pop("image"), tensors.pop("label")
    network = nn.Sequential(OrderedDict(model=level(1, case["classes"], case["channels"], case["strides"], True)))
    network.load_state_dict(tensors)
    loss_of = LOSSES[case["loss"]]
    optimizer = torch.optim.Adam(network.parameters(), lr=case["learningRate"])

    def answer(message):
        print(json.dumps(message), flush=True)

    answer({"ready": f"PyTorch {torch.__version__}"})
    for line in sys.stdin:
        if line.strip() == "end":
            break
        started, cpu_started = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        loss = loss_of(network(image), label)
        loss.backward()
        optimizer.step()
        number = loss.item()
        answer(
            {
                "ms": (time.perf_counter() - started) * 1000,
                "cpuMs": (time.process_time() - cpu_started) * 1000,
                "loss": number,
            }
        )
    kibibyte = 1024 if sys.platform == "darwin" else 1
    answer({"peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / kibibyte / 1024})


main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
