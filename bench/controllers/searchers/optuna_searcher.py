"""Answers JSON lines with Optuna's samplers: new, ask, tell. One study at a time."""

import json
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def make_sampler(name, seed):
    if name == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    if name == "tpe":
        return optuna.samplers.TPESampler(seed=seed)
    if name == "gp":
        return optuna.samplers.GPSampler(seed=seed)
    raise ValueError(name)


def suggest(trial, parameters):
    values = {}
    for p in parameters:
        if any(values.get(c["parent"]) not in c["values"] for c in p["conditions"]):
            continue
        name = p["prl"]
        if p["type"] == "float":
            values[name] = trial.suggest_float(name, p["min"], p["max"], log=p["log"])
        elif p["type"] == "int":
            values[name] = trial.suggest_int(name, p["min"], p["max"], log=p["log"])
        else:
            values[name] = trial.suggest_categorical(name, list(range(len(p["choices"]))))
    return values


def main():
    study, parameters, trials = None, [], {}
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "new":
            study = optuna.create_study(sampler=make_sampler(message["sampler"], message["seed"]))
            parameters, trials = message["parameters"], {}
            study.enqueue_trial(message["first"])
            answer = {"type": "started", "version": optuna.__version__}
        elif message["type"] == "ask":
            trial = study.ask()
            trials[trial.number] = trial
            answer = {"id": trial.number, "values": suggest(trial, parameters)}
        else:
            study.tell(trials[message["id"]], message["loss"])
            answer = {"type": "told"}
        print(json.dumps(answer), flush=True)


main()
