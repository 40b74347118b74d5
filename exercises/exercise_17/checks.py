"""exercise_17 - Sequential models: linear regression and the dropout classifier."""

import numpy as np

from grader.authoring import any_of, arguments, check, fact, function, integer, real

TASKS = ("regression", "robust_regression", "positive_regression", "bounded_regression", "binary", "multilabel",
         "multiclass", "multiclass_onehot")
# Right answers that are not the reference's, told by the reference's name.
EQUALLY_RIGHT = {("robust_regression", "mean_absolute_error"): "huber", ("positive_regression", "relu"): "softplus"}

ROWS, SPREAD = 375, 8       # equal images in a training pass, and signals in each: a share is known to 0.009
SIGMAS = 5

LAYER_BEHIND = {"pixels": "Dense(300)", "first hidden layer": "Dense(100)", "second hidden layer": "Dense(10)"}

# What Keras's initialisers draw for a kernel: standard deviation and fourth moment / variance² (uniform 1.8, normal
# 3; Keras cuts the *_normal ones off at two standard deviations, which leaves 2.37).
UNIFORM, CUT, NORMAL = 1.8, 2.3656, 3.0
INITIALISERS = {
    "he_normal": (lambda i, o: (2 / i) ** 0.5, CUT), "he_uniform": (lambda i, o: (2 / i) ** 0.5, UNIFORM),
    "lecun_normal": (lambda i, o: (1 / i) ** 0.5, CUT), "lecun_uniform": (lambda i, o: (1 / i) ** 0.5, UNIFORM),
    "glorot_normal": (lambda i, o: (2 / (i + o)) ** 0.5, CUT),
    "glorot_uniform": (lambda i, o: (2 / (i + o)) ** 0.5, UNIFORM),
    "random_normal": (lambda i, o: 0.05, NORMAL), "random_uniform": (lambda i, o: 0.05 / 3**0.5, UNIFORM),
}

learning_rate = real(above=0, typical=(0.02, 0.2), default=0.01)
build_linear = function("build_linear", arguments(learning_rate=learning_rate),
                        returns="form", repeat=False, limit=1)
build_dropout_model = function(
    "build_dropout_model", arguments(rate=real(low=0, below=1, typical=(0.3, 0.42), default=0.2),
                                     learning_rate=learning_rate),
    returns="form", repeat=False, limit=1)
head = function(
    "head", arguments(task=any_of(*TASKS, refuse=["clustering", "multi_class", ""]),
                      n=integer(low=1, typical=(3, 9), default=1)),
    returns="nothing", repeat=False)


def gradients(draw):
    """Three gradients of one vector, from tiny to large: momentum, clipping and rescaling all show."""
    return [draw.reals(4) * np.array([0.01, 0.5, 3.0, 40.0]) for _ in range(3)]


def seed_of(draw):
    return int(draw.rng.integers(1, 10**6))


@check
def linear_model(student, draw, observe):
    x, y = draw.reals(5, 1, scale=2), draw.reals(5, 1, scale=20)
    default, drawn = student.build_linear(), student.build_linear(**draw(build_linear))
    for model in (default, drawn):
        observe.weight_shapes(model)
        observe.give_weights(model, seed_of(draw), scale=3.0)
        observe.optimizer_steps(model, gradients=gradients(draw))
    observe.give_weights(student.build_linear(), seed_of(draw), scale=3.0)   # must leave `default` as it is
    observe.predictions(default, x)
    observe.predictions(default, x[:1])
    for model in (default, drawn):
        observe.evaluation(model, x, y)


@check
def extra_layer_model(student, draw, observe):
    x = draw.rng.uniform(0, 1, (5, 28, 28))
    plain = student.model_fn()
    models = [plain, student.model_fn(observe.new_layer("Dense", 17, activation="tanh")),
              student.model_fn(a_layer=observe.new_layer("Dropout", 0.3))]
    for model in models:
        observe.weight_shapes(model)
        observe.compiled_with(model)
        observe.give_weights(model, seed_of(draw))
        observe.predictions(model, x)
    observe.give_weights(student.model_fn(), seed_of(draw))                  # must leave `plain` as it is
    observe.predictions(plain, x[:1])


@check
def dropout_model(student, draw, observe):
    x, y = draw.rng.uniform(0, 1, (97, 28, 28)), draw.rng.integers(0, 10, 97)
    given = draw(build_dropout_model)
    default, drawn = student.build_dropout_model(), student.build_dropout_model(**given)
    wide = observe.initial_kernel(default, shape=[784, 300], step=12).judged("form")
    narrow = observe.initial_kernel(default, shape=[300, 100]).judged("form")
    for model in (default, drawn):
        observe.weight_shapes(model)
        observe.optimizer_steps(model, gradients=gradients(draw))
        observe.give_weights(model, seed_of(draw))
    observe.give_weights(student.build_dropout_model(), seed_of(draw))       # must leave `default` as it is
    observe.predictions(default, x[:5])
    observe.predictions(drawn, x[:1])
    observe.evaluation(drawn, x, y)

    def passes(model):
        return {place: observe.training_pass(model, rows=ROWS, through=place).judged("form")
                for place in LAYER_BEHIND}

    return {"kernels": {"Dense(300)": [784, 300, wide], "Dense(100)": [300, 100, narrow]},
            "passes": [[0.2, passes(default)], [given["rate"], passes(drawn)]]}


@dropout_model.measure
def _(seen):
    for layer, (n_in, n_out, kernel) in seen["kernels"].items():
        yield fact(f"initial weights of {layer}", initialiser(kernel, n_in, n_out), function="initial_kernel",
                   ko=f"{layer}의 초기 가중치")
    for rate, passes in seen["passes"]:
        sums = np.concatenate([outputs.sum(axis=1) for outputs in passes.values()])
        worst = float(sums[np.argmax(abs(sums - 1))])
        if abs(worst - 1) > 1e-3:
            yield fact(f"rate = {rate}: sum of a row of outputs in training", worst, expected=1.0, rtol=1e-3, atol=0.0,
                       function="training_pass",
                       ko=f"rate = {rate}: 훈련 중 출력 한 행의 합")
            continue
        signals = {place: signal(outputs) for place, outputs in passes.items()}
        for place, layer in LAYER_BEHIND.items():
            zeros = signals[place][:, :SPREAD] == 0
            yield fact(f"rate = {rate}: share dropped before {layer}", float(zeros.mean()), expected=rate, rtol=0.0,
                       atol=SIGMAS * (rate * (1 - rate) / zeros.size) ** 0.5 + 1e-3, function="training_pass",
                       ko=f"rate = {rate}: {layer} 앞에서 꺼진 비율")
        behind = 0.1
        for place, layer in reversed(LAYER_BEHIND.items()):
            largest = float(signals[place][:, SPREAD].max())
            yield fact(f"rate = {rate}: factor of what is left before {layer}", largest / behind if behind else 0.0,
                       expected=1 / (1 - rate), rtol=1e-3, atol=1e-4, matters=True, function="training_pass",
                       ko=f"rate = {rate}: {layer} 앞에 남은 값의 배율")
            behind = largest


def signal(outputs):
    """What reached outputs 0 … 8: their scores above output 9, from the probabilities; 0 where it was dropped."""
    with np.errstate(all="ignore"):
        scores = np.log(outputs[:, :9].astype(float)) - np.log(outputs[:, 9:].astype(float))
    return np.where(np.abs(scores) < 1e-3, 0.0, np.nan_to_num(scores, nan=0.0, posinf=99.0, neginf=-99.0))


def initialiser(kernel, n_in, n_out):
    """The initialiser whose numbers a kernel shows, within 5 standard errors of them."""
    kernel = kernel.astype(float)
    std = float(kernel.std())
    if not 0 < std < np.inf:
        return "constant"
    peak = float(np.mean((kernel - kernel.mean()) ** 4) / std**4)
    for name, (std_of, peak_of) in INITIALISERS.items():
        slack = SIGMAS * ((peak_of - 1) / (4 * kernel.size)) ** 0.5
        if abs(std / std_of(n_in, n_out) - 1) < slack and abs(peak - peak_of) < 0.25:
            return name
    return f"std {std:.2g}"


@check
def weight_penalties(student, draw, observe):
    layers, others = student.regularised_layers(), student.regularised_layers()
    kernels = []
    for k in range(3):
        kernel = (draw.reals(7, 100) * draw.rng.uniform(0.1, 0.8, 100)).astype("float32")   # columns of norm 0.2 … 2
        observe.weight_shapes(layers[k])
        observe.built(layers[k], n_inputs=7)
        observe.layer_at_given_weights(layers[k], kernel=kernel, bias=draw.reals(100).astype("float32"),
                                       x=draw.reals(3, 7))
        observe.weight_shapes(others[k])                                    # knows nothing of the first
        observe.built(others[k], n_inputs=600)
        kernels.append(observe.initial_kernel(others[k], shape=[600, 100]).judged("form"))
    return kernels


@weight_penalties.measure
def _(seen):
    for k, kernel in enumerate(seen):
        yield fact(f"initial weights of layer {k + 1}", initialiser(kernel, 600, 100), function="initial_kernel",
                   ko=f"{k + 1}번째 층의 초기 가중치")


@check
def trained_line(student, draw, observe):
    x, model = draw.reals(4, 1, scale=2), student.build_linear()
    for X in (x, x[:1], x.astype("float32"), draw.rng.integers(-9, 10, (3, 1))):
        observe.give_weights(model, seed_of(draw), scale=3.0)
        student.line(model, X)
        observe.weights(model)
    observe.trained(model)
    student.line(X=x, model=model)


@check
def output_head(student, draw, observe):
    cases = []

    def ask(task, *n):
        answer = student.head(task, *n)
        cases.append([task, list(n), len(cases), observe.answer_of_head(answer).judged("form")])
        return answer

    for task in TASKS:
        n = draw(head)["n"]
        ask(task, n)
        ask(task, n + 1)
        ask(task)
    task = TASKS[int(draw.rng.integers(len(TASKS)))]
    observe.emptied([student.head(task, 4)])
    ask(task, 4)                                                            # a dict of its own
    return cases


@output_head.measure
def _(seen):
    for task, n, k, answer in seen:
        call = f"head({', '.join([repr(task), *map(str, n)])})"
        again, once_more = (" again", " 다시") if k == len(seen) - 1 else ("", "")
        for key, value in answer.items():
            yield fact(f"{call}{again}[{key!r}]", EQUALLY_RIGHT.get((task, value), value), function="head",
                       ko=f"{call}{once_more}[{key!r}]")
