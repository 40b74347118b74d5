"""exercise_20 - Notebook: train, stop, evaluate and reload a digit classifier.

Training is random, so nothing is compared with the reference's own training. What can be fixed is fixed (arrays,
the model under given weights, settings of the callbacks); everything else is a relation between the submission's own
numbers, worked out here. Where such a relation fails, a second fact says what the numbers are instead (another set,
another epoch): that tells mistakes apart whatever the random training did.
"""

import posixpath

import numpy as np

from grader.authoring import check, clue, fact

N_TRAIN, N_VAL = 1000, 400
MAX_EPOCHS, STEPS, PATIENCE = 40, 32, 3
RATE = 0.3
CHANCE = float(np.log(10))
GOOD_ACCURACY = 0.93                      # 21 seeds gave 0.962 … 0.987, and 0.967 … 0.985 with pixels divided by 255
LOSS = {"rtol": 1e-3, "atol": 1e-4}       # measured: 1.5e-8 between Keras and numpy
ACCURACY = {"rtol": 0.0, "atol": 1.5 / 397}
SHAPES = [[64, 64], [64], [64, 10], [10]]
SETS = ("x_val", "x_test", "x_train")


# --- A, B: fixed by the task ---------------------------------------------------------------------------------------

@check
def data_parts(student):
    for part in ("train", "val", "test"):
        student[f"x_{part}"].judged("array")
        student[f"y_{part}"]


@check
def model_as_described(student, draw, observe):
    model = student["model"]
    gradients = [draw.reals(4) * np.array([1e-6, 0.01, 1.0, 100.0]) for _ in range(3)]
    lit = np.repeat(np.eye(64), 40, axis=0).reshape(-1, 8, 8)
    return {"shapes": observe.weight_shapes(model).judged("nothing"),
            "planted": observed_under_given_weights(observe, draw, model),
            "optimizer": observe.optimizer_steps(model, gradients).judged("nothing"),
            "in training": observe.outputs(model, two_units_a_pixel(), lit, training=True).judged("nothing")}


def observed_under_given_weights(observe, draw, model):
    planted = [draw.reals(*shape, scale=0.25) for shape in SHAPES]
    x, y = draw.rng.uniform(0, 1, (97, 8, 8)), draw.rng.integers(0, 10, 97)
    return {"weights": planted, "x": x, "y": y,
            "outputs": observe.outputs(model, planted, x, training=False).judged("nothing"),
            "evaluation": observe.evaluation(model, planted, x, y).judged("nothing")}


@model_as_described.measure
def _(seen):
    yield fact("shapes of model.get_weights(), sorted", seen["shapes"], expected=sorted(SHAPES), matters=True,
               ko="model.get_weights()의 모양(정렬)")
    planted, outputs = seen["planted"], seen["planted"]["outputs"]
    expected = forward(planted["weights"], planted["x"])
    if outputs is not None:
        yield fact("outputs for given weights", outputs, expected=expected, matters=True, rtol=1e-4, atol=1e-5,
                   ko="주어진 가중치에서의 출력")
        yield from _dropout(seen["in training"])
    evaluation = planted["evaluation"]
    if evaluation is not None:
        loss, metrics = evaluation.get("loss", evaluation.get("error")), evaluation.get("metrics", [])
        accuracy = share_right(expected, planted["y"])
        nearest = min(metrics, key=lambda value: abs(value - accuracy), default="none")
        goal = closest(cross_entropies(expected, planted["y"]), loss)
        yield fact("loss for given weights", loss, expected=goal, matters=True, **LOSS,
                   ko="주어진 가중치에서의 손실")
        yield fact("accuracy for given weights", nearest, expected=accuracy, matters=True, rtol=0.0, atol=1e-3,
                   ko="주어진 가중치에서의 정확도")
    optimizer = seen["optimizer"] or {}
    yield fact("learning rate", optimizer.get("learning_rate"), expected=0.01, rtol=1e-5, atol=0.0, matters=True,
               function="optimizer",
               ko="학습률")
    yield fact("steps of the optimizer", optimizer.get("positions"), rtol=1e-3, atol=2e-6, function="optimizer",
               ko="옵티마이저의 걸음")


def two_units_a_pixel():
    """Weights by which one pixel lights two hidden units, an even one that raises output 0 and an odd one for 1."""
    inward, outward = np.zeros((64, 64)), np.zeros((64, 10))
    for pixel in range(64):
        inward[pixel, [2 * (pixel // 2), 2 * (pixel // 2) + 1]] = 1
    outward[::2, 0] = outward[1::2, 1] = 1
    return [inward, np.zeros(64), outward, np.zeros(10)]


def _dropout(probabilities):
    """Rate and place of the dropout, from outputs in training: what is left of a hidden unit is 1 / (1 - rate)."""
    with np.errstate(all="ignore"):
        scores = np.log(probabilities[:, :2].astype(float) / probabilities[:, 9:].astype(float))
    scores = np.nan_to_num(np.where(np.abs(scores) < 1e-3, 0.0, scores), posinf=99.0, neginf=-99.0)
    zero = scores == 0
    slack = 6 * (RATE * (1 - RATE) / zero.size) ** 0.5
    left = float(np.median(scores[~zero])) if not zero.all() else 0.0
    yield fact("factor of the hidden units that are left in training", left, expected=1 / (1 - RATE), rtol=1e-3,
               atol=1e-4, matters=True, function="dropout",
               ko="훈련 중 남은 은닉 뉴런의 배율")
    yield fact("share of hidden units dropped in training", float(zero.mean()), expected=RATE, rtol=0.0,
               atol=slack, function="dropout",
               ko="훈련 중 꺼진 은닉 뉴런의 비율")
    yield fact("share of pairs of units dropped together", float(zero.all(axis=1).mean()), expected=RATE**2,
               rtol=0.0, atol=6 * (RATE**2 * (1 - RATE**2) / len(zero)) ** 0.5, function="dropout",
               ko="두 뉴런이 함께 꺼진 비율")
    yield clue("share dropped, in twentieths", round(20 * float(zero.mean())))


# --- C, D: the submission's own training ---------------------------------------------------------------------------

def observed_training(student, observe):
    """The curves, what the model now predicts for the three sets, and the early stopping."""
    callback = observe.attributes(student["early_stopping_cb"],
                                  ["monitor", "patience", "restore_best_weights", "stopped_epoch"])
    return {"callback": callback.judged("nothing")} | observed_curves(student, observe)


def observed_curves(student, observe):
    return {"training": observe.training(student["history"].judged("nothing")).judged("nothing")}


def observed_predictions(student, observe, draw):
    """Of every set: the model's probabilities, the labels, and the model's own loss."""
    model, sets = student["model"], {}
    for name in SETS:
        x, y = student[name].judged("nothing"), student[f"y{name[1:]}"].judged("nothing")
        own = observe.own_loss(model, x, y).judged("nothing")
        sets[name] = [observe.predictions(model, x).judged("nothing"), y, own]
    return {"sets": sets, "planted": observed_under_given_weights(observe, draw, model)}


def losses_of(seen):
    """The right losses of the model on every set, from its probabilities.

    Where the model was compiled with another loss, which is a mistake of `model_as_described`, its own word counts.
    """
    planted = seen["planted"]
    if planted["outputs"] is not None and planted["evaluation"] is not None:
        loss = planted["evaluation"].get("loss")
        if not near(loss, closest(cross_entropies(planted["outputs"], planted["y"]), loss), **LOSS):
            return {name: [] if own is None else [own] for name, (_, _, own) in seen["sets"].items()}
    return {name: cross_entropies(probabilities, labels) for name, (probabilities, labels, _) in seen["sets"].items()}


@check
def training_is_consistent(student, observe, draw):
    student["history"]                                  # a History; the other checks are content with its curves
    return observed_training(student, observe) | observed_predictions(student, observe, draw)


@training_is_consistent.measure
def _(seen):
    training, callback = seen["training"], seen["callback"] or {}
    curves = curves_of(training)
    yield fact("curves in history.history", sorted(curves), expected=["loss", "val_loss"], matters=True,
               ko="history.history의 곡선")
    if len(curves) < 2:
        return
    val_loss = curves["val_loss"]
    limit = training["epochs"] or len(val_loss)
    yield fact("epochs given to fit", limit, expected=min(limit, MAX_EPOCHS), matters=True, function="fit",
               ko="fit에 준 에포크 수")
    steps = training["steps"] or training["iterations"] / len(val_loss)
    yield fact("steps an epoch", steps, expected=STEPS, matters=True, function="fit",
               ko="에포크당 스텝 수")
    rows, val_rows = rows_behind(training)
    if rows is not None:
        yield fact("training images an epoch", rows, expected=N_TRAIN, matters=True, function="fit",
                   ko="에포크당 훈련 이미지 수")
        yield fact("validation images", val_rows, expected=N_VAL, matters=True, function="validation",
                   ko="검증 이미지 수")
    for name, wanted, group in (("monitor", "val_loss", "stopping"), ("patience", PATIENCE, "stopping"),
                                ("restore_best_weights", True, "restoring")):
        yield fact(f"early_stopping_cb.{name}", callback.get(name), expected=wanted, matters=True, function=group)
    stopped = stopping_epoch(val_loss, PATIENCE)
    yield fact("epochs run", len(val_loss), expected=limit if stopped is None else stopped + 1,
               function="stopping",
               ko="실행된 에포크 수")
    losses, best = losses_of(seen), int(np.argmin(val_loss))
    name, epoch = origin(losses, val_loss)
    yield fact("validation loss of the trained model", closest(losses["x_val"], val_loss[best]),
               expected=val_loss[best], **LOSS, function="restoring" if name == "x_val" else "validation",
               ko="훈련된 모델의 검증 손실")
    if name is not None:
        yield fact("set that val_loss belongs to", name, expected="x_val", matters=True, function="validation",
                   ko="val_loss를 계산한 데이터")
        yield fact("epoch of the trained model's weights", epoch, expected=best, function="restoring",
                   ko="남은 가중치의 에포크")


@check
def reading_the_history(student, observe):
    answers = {name: student[name].judged("nothing") for name in ("n_epochs", "best_epoch", "stopped_epoch", "verdict")}
    return observed_training(student, observe) | answers


@reading_the_history.measure
def _(seen):
    curves = curves_of(seen["training"])
    if len(curves) < 2:
        yield fact("curves in history.history", sorted(curves), expected=["loss", "val_loss"], matters=True,
                   ko="history.history의 곡선")
        return
    loss, val_loss = curves["loss"], curves["val_loss"]
    best, last = int(np.argmin(val_loss)), len(val_loss) - 1
    stopped = (seen["callback"] or {}).get("stopped_epoch")
    if not isinstance(stopped, int):
        stopped = stopping_epoch(val_loss, PATIENCE) or 0
    yield fact("n_epochs", seen["n_epochs"], expected=len(loss), function="n_epochs")
    yield fact("best_epoch", seen["best_epoch"], expected=best, function="best_epoch")
    yield fact("best_epoch is", epoch_in_words(seen["best_epoch"], best, last), expected="argmin(val_loss)",
               matters=True, function="best_epoch",
               ko="best_epoch이 가리키는 것")
    yield fact("stopped_epoch", seen["stopped_epoch"], expected=stopped, function="stopped_epoch")
    yield fact("verdict", seen["verdict"], expected=diagnosis(loss, val_loss), function="verdict")


def curves_of(training):
    """Training and validation loss, as far as they are there and have one number an epoch."""
    curves = (training or {}).get("curves", {})
    found = {name: curves[name] for name in ("loss", "val_loss") if curves.get(name)}
    return found if len({len(values) for values in found.values()}) == 1 else {}


def rows_behind(training):
    """The numbers of images behind the accuracies of every epoch: each of them is a count divided by that number."""
    curves = training["curves"]
    names = sorted((name for name in curves if f"val_{name}" in curves and name != "loss"),
                   key=lambda name: "acc" not in name)
    if not names:
        return None, None
    return (denominator(curves[names[0]], [N_TRAIN, *range(50, 1798)]),
            denominator(curves[f"val_{names[0]}"], [N_VAL, *range(50, 1798)]))


def denominator(shares, candidates):
    """The first candidate of which all shares are whole parts; 0 if there is none."""
    for count in candidates:
        parts = np.array(shares) * count
        if np.all(np.abs(parts - np.round(parts)) < 2e-3):
            return count
    return 0


def stopping_epoch(val_loss, patience):
    """The epoch at which early stopping ends a training with these losses, None if it does not."""
    best, waited = np.inf, 0
    for epoch, value in enumerate(val_loss):
        waited = 0 if value < best else waited + 1
        best = min(best, value)
        if waited >= patience and epoch > 0:
            return epoch
    return None


def origin(losses, val_loss):
    """The set and the epoch whose recorded validation loss a model's own losses reproduce; the best epoch first."""
    best, last = int(np.argmin(val_loss)), len(val_loss) - 1
    for epoch in (best, last, *range(last)):
        for name in losses:
            if near(closest(losses[name], val_loss[epoch]), val_loss[epoch], rtol=1e-5, atol=2e-6):
                return name, epoch
    return None, None


def epoch_in_words(answer, best, last):
    """Which epoch an answer names, as an expression that holds for every training; both where two of them fit."""
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return "?"
    if answer == best:
        return "argmin(val_loss)"
    words = {"argmin(val_loss) + 1": best + 1, "len(val_loss) - 1": last}
    return " = ".join(text for text, epoch in words.items() if answer == epoch) or "?"


def diagnosis(loss, val_loss, chance=CHANCE, gap=0.1):
    """The rule of exercise_16."""
    best = int(np.argmin(val_loss))
    if not np.isfinite(loss[-1]) or loss[-1] > 2 * loss[0]:
        return "diverged"
    if loss[-1] > 0.8 * chance:
        return "underfit"
    return "overfit" if val_loss[-1] > (1 + gap) * val_loss[best] and loss[-1] < loss[best] else "good"


# --- E: the test set -----------------------------------------------------------------------------------------------

@check
def test_results(student, observe, draw):
    names = ("test_loss", "test_acc", "y_proba", "y_pred", "wrong")
    return {name: student[name].judged("nothing") for name in names} | observed_predictions(student, observe, draw) | {
        "x": student["x_test"].judged("nothing"), "weights": observe.weights(student["model"]).judged("nothing")}


@test_results.measure
def _(seen):
    probabilities, labels, _ = seen["sets"]["x_test"]
    losses = losses_of(seen)
    goals = {name: closest(values, seen["test_loss"]) for name, values in losses.items()}
    yield fact("test_loss", seen["test_loss"], expected=goals["x_test"], **LOSS, function="test_loss")
    if not near(seen["test_loss"], goals["x_test"], **LOSS):
        source = next((name for name in SETS if near(seen["test_loss"], goals[name], rtol=1e-4, atol=1e-5)),
                      "?")
        yield fact("set that test_loss belongs to", source, expected="x_test", matters=True, function="test_loss",
                   ko="test_loss를 계산한 데이터")
    else:                                              # one call gives both: where the loss is wrong, that is said once
        yield fact("test_acc", seen["test_acc"], expected=share_right(probabilities, labels), **ACCURACY,
                   function="test_acc")
    yield fact("y_proba", seen["y_proba"], expected=probabilities, rtol=0.0, atol=1e-4, function="y_proba")
    yield fact("y_proba scatters as under dropout, times", scatter(seen), expected=0.0, matters=True,
               function="y_proba",
               ko="y_proba가 드롭아웃처럼 흩어진 정도(배)")
    yield from _classes(seen, probabilities, labels)


def _classes(seen, probabilities, labels):
    """`y_pred` from the submission's own probabilities (or the model's), `wrong` from its own `y_pred`."""
    y_pred, own = numbers(seen["y_pred"], 1), numbers(seen["y_proba"], 2)
    goals = [np.argmax(table, axis=1) for table in (own, numbers(probabilities, 2)) if table is not None]
    right = next((goal for goal in goals if y_pred is not None and np.array_equal(goal, y_pred)), None)
    goal = right if right is not None else goals[0] if goals else None
    yield fact("y_pred", seen["y_pred"], expected=goal, function="y_pred")
    down = own is not None and y_pred is not None and np.array_equal(np.argmax(own, axis=0), y_pred)
    yield fact("axis of y_pred", 0 if down else -1, expected=-1, matters=True, function="y_pred",
               ko="y_pred의 축")
    kind = np.asarray(seen["y_pred"]).dtype.kind if y_pred is not None else "i"
    yield fact("type of y_pred", "integer" if kind in "iu" else "float", expected="integer", matters=True,
               function="y_pred",
               ko="y_pred의 자료형")
    pair = labelled(probabilities, labels)
    if right is not None and pair is not None and len(pair[1]) == len(right):
        yield fact("wrong", seen["wrong"], expected=np.flatnonzero(right != pair[1]), function="wrong")


def scatter(seen):
    """The variance of `y_proba`'s scores around the model's, as a multiple of what dropout gives, to the next half."""
    own, goal, x = numbers(seen["y_proba"], 2), numbers(seen["sets"]["x_test"][0], 2), numbers(seen["x"], 3)
    weights = {weight.shape: weight for weight in seen["weights"] or []}
    inward, bias, outward = (weights.get(shape) for shape in ((64, 64), (64,), (64, 10)))
    if any(each is None for each in (own, goal, x, inward, bias, outward)) or own.shape != goal.shape or (
            len(x) != len(own) or x[0].size != 64):
        return 0.0
    hidden = np.maximum(x.reshape(len(x), -1) @ inward + bias, 0)
    outward = outward - outward.mean(axis=1, keepdims=True)
    variance = hidden**2 @ outward**2 * RATE / (1 - RATE)
    with np.errstate(all="ignore"):
        ratio = np.sum((centred_scores(own) - centred_scores(goal)) ** 2) / np.sum(variance)
    return round(2 * ratio) / 2 if np.isfinite(ratio) else 0.0


def centred_scores(probabilities):
    scores = np.log(np.clip(probabilities, 1e-30, 1))
    return scores - scores.mean(axis=1, keepdims=True)


# --- quality, F ----------------------------------------------------------------------------------------------------

@check
def quality(student, observe):
    x, y = student["x_test"].judged("nothing"), student["y_test"].judged("nothing")
    return {"p": observe.predictions(student["model"], x).judged("nothing"), "y": y} | observed_curves(student, observe)


@quality.measure
def _(seen):
    accuracy, loss = share_right(seen["p"], seen["y"]), curves_of(seen["training"]).get("loss")
    fall = loss[-1] / loss[0] if loss else None
    yield fact("last training loss / first", fall, expected=0.5 if fall is None else min(fall, 0.5), matters=True,
               function="progress",
               ko="마지막 훈련 손실 / 처음")
    if fall is not None and fall <= 0.5:                # accuracy means nothing where there was no progress
        yield fact("accuracy on the test set", accuracy, function="accuracy",
                   expected=GOOD_ACCURACY if accuracy is None else max(accuracy, GOOD_ACCURACY),
                   ko="테스트 정확도")


@check
def reloaded_model(student, observe):
    model, reloaded = student["model"], student["reloaded"]
    callback = observe.attributes(student["checkpoint_cb"], ["monitor", "save_best_only", "filepath"])
    sets = {name: [student[name].judged("nothing"), student[f"y{name[1:]}"].judged("nothing")] for name in SETS[:2]}
    return {"weights": observe.weights(model).judged("nothing"), "callback": callback.judged("nothing"),
            "reloaded": observe.weights_apart(reloaded, model).judged("nothing"),
            "saved": observe.saved_arrays("best.keras").judged("nothing"),
            "predictions": [{name: [observe.predictions(each, x).judged("nothing"), y] for name, (x, y) in sets.items()}
                            for each in (model, reloaded)],
            "acc": student["reloaded_acc"].judged("nothing")} | observed_curves(student, observe)


@reloaded_model.measure
def _(seen):
    callback, reloaded = seen["callback"] or {}, seen["reloaded"]
    for name, wanted in (("monitor", "val_loss"), ("save_best_only", True)):
        yield fact(f"checkpoint_cb.{name}", callback.get(name), expected=wanted, matters=True, function="checkpoint_cb")
    yield fact("checkpoint_cb.filepath", posixpath.basename(str(callback.get("filepath"))), expected="best.keras",
               matters=True, function="checkpoint_cb")
    yield fact("reloaded.get_weights()", reloaded, expected=seen["weights"], rtol=1e-6, atol=1e-7)
    if not same_weights(reloaded, seen["weights"]):
        epochs = [which_epoch(sets, seen["training"]) for sets in seen["predictions"]]
        yield fact("model and reloaded have the weights of", ", ".join(epochs),
                   expected="argmin(val_loss), argmin(val_loss)",
                   matters=True,
                   ko="model과 reloaded의 가중치")
    if reloaded is not None:
        yield fact("weights in best.keras", from_file(seen["saved"], reloaded), expected=reloaded, rtol=1e-6, atol=1e-7,
                   ko="best.keras의 가중치")
    yield fact("reloaded_acc", seen["acc"], expected=share_right(*seen["predictions"][1]["x_test"]), **ACCURACY,
               function="reloaded_acc")


def same_weights(left, right):
    return left is not None and right is not None and len(left) == len(right) and all(
        one.shape == other.shape and np.allclose(one, other, rtol=1e-6, atol=1e-7)
        for one, other in zip(left, right, strict=True))


def from_file(saved, weights):
    """For every weight the nearest array of its shape in the file; what the file lacks is left out."""
    found = []
    for weight in weights:
        alike = [array for array in saved or [] if array.shape == weight.shape]
        if alike:
            found.append(min(alike, key=lambda array: float(np.max(np.abs(array - weight), initial=0.0))))
    return found


def which_epoch(sets, training):
    """Which epoch's weights give these predictions, as an expression that holds for every training."""
    val_loss = curves_of(training).get("val_loss")
    if not val_loss:
        return "?"
    _, epoch = origin({name: cross_entropies(*pair) for name, pair in sets.items()}, val_loss)
    return "?" if epoch is None else "argmin(val_loss)" if epoch == int(np.argmin(val_loss)) else (
        "len(val_loss) - 1" if epoch == len(val_loss) - 1 else "?")


# --- arithmetic ----------------------------------------------------------------------------------------------------

def numbers(value, axes):
    """A value as a float array with that many axes; None if it is none, or empty."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None
    return array if array.ndim == axes and array.size else None


def forward(weights, x):
    """Flatten, Dense relu, Dense softmax, dropout off."""
    hidden = np.maximum(x.reshape(len(x), -1) @ weights[0] + weights[1], 0)
    scores = hidden @ weights[2] + weights[3]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def labelled(probabilities, labels):
    """Probabilities and labels as arrays that fit each other, or None."""
    table, truth = numbers(probabilities, 2), numbers(labels, 1)
    if truth is None and numbers(labels, 2) is not None:
        truth = np.argmax(numbers(labels, 2), axis=1)  # one-hot labels are a mistake of the data, and counted there
    if table is None or truth is None or len(table) != len(truth):
        return None
    return (table, truth.astype(int)) if np.all((truth >= 0) & (truth < table.shape[1])) else None


def cross_entropies(probabilities, labels):
    """The mean of -log p of the right class, both ways that Keras has: from scores, and from clipped probabilities.

    The two differ only where some p is below 1e-7. An empty list if there is none.
    """
    pair = labelled(probabilities, labels)
    if pair is None:
        return []
    right = pair[0][np.arange(len(pair[1])), pair[1]]
    return [float(np.mean(-np.log(np.clip(right, low, 1)))) for low in (1e-37, 1e-7)]


def share_right(probabilities, labels):
    pair = labelled(probabilities, labels)
    return None if pair is None else float(np.mean(np.argmax(pair[0], axis=1) == pair[1]))


def closest(values, actual):
    """The one of some right values that is nearest to the actual one; None if there is none."""
    value = numbers(actual, 0)
    return min(values, key=lambda right: 0 if value is None else abs(right - value), default=None)


def near(actual, expected, rtol, atol):
    value = numbers(actual, 0)
    return value is not None and expected is not None and bool(abs(value - expected) <= atol + rtol * abs(expected))
