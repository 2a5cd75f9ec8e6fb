"""Writes an ONNX model that adds one to four numbers. Arguments: the file."""

import sys

import onnx
from onnx import TensorProto, helper

one = helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0])
value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in ("x", "y")]
graph = helper.make_graph([helper.make_node("Add", ["x", "one"], ["y"])], "plus_one", value[:1], value[1:], [one])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), sys.argv[1])
print("{}")
