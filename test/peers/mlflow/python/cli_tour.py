"""MLflow's command line, command by command, against the server of MLFLOW_TRACKING_URI."""

import re

from click.testing import CliRunner
from mlflow.cli import cli


def mlflow(*words):
    result = CliRunner().invoke(cli, list(words))
    assert result.exit_code == 0, (words, result.output, result.exception)
    return result.output


assert "Created experiment 'cli' with id" in mlflow("experiments", "create", "--experiment-name", "cli")
created = mlflow("experiments", "create", "--experiment-name", "second cli")
number = re.search(r"with id (\d+)", created).group(1)
mlflow("experiments", "rename", "--experiment-id", number, "--new-name", "renamed cli")
assert "renamed cli" in mlflow("experiments", "search")
mlflow("experiments", "delete", "--experiment-id", number)
assert "renamed cli" not in mlflow("experiments", "search")
mlflow("experiments", "restore", "--experiment-id", number)
assert "renamed cli" in mlflow("experiments", "search")
runs = mlflow("runs", "list", "--experiment-id", "1")
assert "parent" in runs and "child" in runs
run = re.search(r"([0-9a-f]{32})", runs).group(1)
assert run in mlflow("runs", "describe", "--run-id", run)
mlflow("runs", "delete", "--run-id", run)
assert run not in mlflow("runs", "list", "--experiment-id", "1")
mlflow("runs", "restore", "--run-id", run)
mlflow("artifacts", "list", "--run-id", run)
print("done")
