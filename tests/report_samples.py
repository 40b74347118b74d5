"""Grades as they come up in the course, for the tests of reports; texts as in the exercises 03 and 11."""

from dataclasses import replace

import numpy as np

from grader.verdict import (
    CheckResult,
    Counterexample,
    Diagnosis,
    Grade,
    Mismatch,
    RunError,
    SubmissionInfo,
    Verdict,
)

VERSION = "9f2c64d1b7aa03e5"
SHA256 = "3b5d5c3712955042212316173ccf37be800e5e7e6f3c9f1f0e5c8a1d2b4c6e80"
LANGUAGES = ("ko", "en")

_TITLES = {
    "exercise_03": (
        "깨지지 않는 소프트맥스와 크로스 엔트로피", "Softmax and cross-entropy that do not break"),
    "exercise_11": ("Adam·Adamax·Nadam", "Adam, Adamax and Nadam steps"),
}
_CHECKS = {
    "exercise_03": (
        ("softmax_rows", 2, "소프트맥스: 값, 행의 합, dtype", "softmax: values, row sums, dtype"),
        ("softmax_large_scores", 1, "점수 1000과 10000의 소프트맥스", "softmax of scores of 1000 and 10000"),
        ("cross_entropy_onehot", 1.5, "원-핫 크로스 엔트로피", "one-hot cross-entropy"),
        ("cross_entropy_sparse", 1, "정수 레이블로 구한 같은 값", "the same number from integer labels"),
        ("binary_cross_entropy", 1.5, "이진 크로스 엔트로피", "binary cross-entropy"),
        ("loss_from_logits", 1, "점수에서 바로 구한 손실", "the loss straight from the scores"),
        ("gradient_and_jacobian", 1, "그래디언트와 야코비 행렬", "gradient and Jacobian"),
        ("bad_input", 0.5, "잘못된 입력은 ValueError", "bad input raises ValueError"),
        ("predict_classes", 0.5, "predict_classes", "predict_classes")),
    "exercise_11": (
        ("first_step", 2, "t = 1에서의 Adam 한 걸음", "one Adam step at t = 1"),
        ("later_steps", 1, "t = 2 … 100000에서의 Adam 한 걸음", "one Adam step at t = 2 … 100000"),
        ("two_hundred_steps", 1.5,
         "Adam 200걸음 (상태를 다음 걸음에 넘기기)", "200 Adam steps (state handed on)"),
        ("place_of_epsilon", 1, "엡실론의 자리", "the place of epsilon"),
        ("zero_gradients", 0.5, "0인 그래디언트", "zero gradients"),
        ("adamax", 1.5, "Adamax", "Adamax"),
        ("nadam", 1, "Nadam", "Nadam"),
        ("dtype_inputs_errors", 1.5,
         "float32 유지, 인자 그대로, 오류", "float32 kept, arguments unchanged, errors")),
}


def samples(lang: str) -> dict[str, Grade]:
    """Every sample by name, in one language."""
    makers = (full_points, one_mistake, two_mistakes, many_mistakes, exercise_03, failing_cell, untouched,
              crashed, timed_out, unreadable, not_graded, hostile)
    return {maker.__name__: maker(lang) for maker in makers}


def pick(lang: str, ko: str, en: str) -> str:
    return ko if lang == "ko" else en


def grade_of(lang: str, exercise: str, failures: dict[str, dict[str, object]], **changes: object) -> Grade:
    """A grade of `exercise` in which all checks pass but those in `failures`, which hold their fields."""
    checks = []
    for check_id, points, ko, en in _CHECKS[exercise]:
        fields = {"verdict": Verdict.FAILED, "points": 0.0, **failures[check_id]} if check_id in failures \
            else {"verdict": Verdict.PASSED, "points": float(points)}
        checks.append(CheckResult(**{"id": check_id, "title": pick(lang, ko, en), "max_points": float(points),
                                     **fields}))
    grade = Grade(
        exercise=exercise, exercise_title=pick(lang, *_TITLES[exercise]), exercise_version=VERSION,
        submission=SubmissionInfo(f"{exercise}.ipynb", SHA256, "notebook"),
        verdict=Verdict.FAILED if failures else Verdict.PASSED, points=sum(check.points for check in checks),
        max_points=10.0, seed=0, lang=lang, sandbox="bubblewrap", duration_s=1.2345, checks=tuple(checks))
    return replace(grade, **changes)


def full_points(lang: str) -> Grade:
    return grade_of(lang, "exercise_11", {})


def _corrected_moments(lang: str) -> dict[str, object]:
    return {
        "rationale": pick(lang, "adam_step: 값이 기대한 값과 다릅니다.",
                          "adam_step gave a value that differs from the expected one."),
        "diagnosis": Diagnosis("returns_corrected_moments", pick(
            lang, "보정된 m, s를 돌려주어 다음 걸음에서 두 번 보정됩니다.",
            "Returns the corrected m and s, so the next step corrects twice.")),
        "hint": pick(lang, "한 걸음은 맞는데 여러 걸음에서 틀린다면 무엇을 넘기고 있나요?",
                     "One step is right, many are not: what do you hand on?"),
        "mismatches": (Mismatch("result[1]", 1.0, 0.19, 0.81, 4.263157894736842, 2e-5, 2e-6),
                       Mismatch("result[2]", 5.502751375688, 0.01099, 5.491761375688, 499.7, 2e-5, 2e-6)),
        "counterexample": Counterexample("adam_step(theta=[0.31], m=[0.1], s=[0.01], grad=[1.0], t=2)",
                                         "([0.3095], [1.0], [5.503])", "([0.3095], [0.19], [0.01099])")}


def _epsilon(lang: str) -> dict[str, object]:
    return {
        "rationale": pick(lang, "adam_step: 값이 기대한 값과 다릅니다.",
                          "adam_step gave a value that differs from the expected one."),
        "diagnosis": Diagnosis("eps_inside_root", pick(
            lang, "강의 식처럼 엡실론을 제곱근 안에 넣었습니다; 논문과 문제는 밖입니다.",
            "Epsilon inside the root as printed in the lecture; task and paper put it outside.")),
        "hint": pick(lang, "그래디언트가 1e-6 일 때의 걸음을 비교해 보세요.",
                     "Compare the step for a gradient of 1e-6."),
        "mismatches": (Mismatch("result[0][1]", -0.0031622, -0.909090909, 0.9059287, 0.9965216, 1e-3, 1e-9),),
        "counterexample": Counterexample(
            "adam_step(theta=[0.0, 0.0], m=[0.0, 0.0], s=[0.0, 0.0], grad=[1e-07, 1e-06], t=1, lr=1.0)",
            "…", "…")}


def one_mistake(lang: str) -> Grade:
    return grade_of(lang, "exercise_11", {"two_hundred_steps": _corrected_moments(lang)})


def two_mistakes(lang: str) -> Grade:
    failures = {"two_hundred_steps": _corrected_moments(lang), "place_of_epsilon": _epsilon(lang)}
    return grade_of(lang, "exercise_11", failures)


def many_mistakes(lang: str) -> Grade:
    """One mistake that six checks notice, another one, an error of another function, and a check that waits."""
    no_correction = {
        "rationale": pick(lang, "adam_step: 값이 기대한 값과 다릅니다.",
                          "adam_step gave a value that differs from the expected one."),
        "diagnosis": Diagnosis("no_bias_correction", pick(
            lang, "편향 보정(1 - beta^t로 나누기)이 없어 첫 걸음의 크기가 틀립니다.",
            "No bias correction, so the first steps have the wrong size.")),
        "hint": pick(lang, "t = 1 에서 걸음의 크기는 lr 이어야 합니다.",
                     "At t = 1 the step should have size lr."),
        "mismatches": tuple(Mismatch(f"result[0][{row}, {column}]", 0.3163773, 0.0999998, 0.2163775, 2.163779,
                                     2e-5, 2e-8) for row in range(3) for column in range(3)),
        "counterexample": Counterexample(
            "adam_step(theta=[[0.12, -1.4, 0.5], [0.8, 2.25, -0.75], [1.5, -0.31, 0.02]], "
            "m=[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], "
            "s=[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], "
            "grad=[[2.0, 0.5, 3.25], [4.0, 8.5, 0.75], [1.5, 50.0, 0.6]], t=1, lr=0.5)", "…", "…")}
    short = {**no_correction, "mismatches": no_correction["mismatches"][:1],
             "counterexample": Counterexample(
                 "adam_step(theta=[0.5], m=[0.0], s=[0.0], grad=[2.0], t=1)", "", "")}
    waits = pick(lang, "먼저 ‘t = 1에서의 Adam 한 걸음’을(를) 해결하세요.",
                 "First mend “one Adam step at t = 1”.")
    return grade_of(lang, "exercise_11", {
        "first_step": no_correction, "later_steps": short, "place_of_epsilon": no_correction,
        "zero_gradients": no_correction,
        "two_hundred_steps": {"verdict": Verdict.SKIPPED, "rationale": waits},
        "nadam": {"rationale": pick(
            lang, "nadam_step 호출에서 오류가 났습니다: TypeError: unsupported operand type(s) for ** or pow(): "
                  "'float' and 'NoneType' (41번째 줄: mh = b1 * m / (1 - b1 ** t_next))",
            "nadam_step raised TypeError: unsupported operand type(s) for ** or pow(): 'float' and "
            "'NoneType' (line 41: mh = b1 * m / (1 - b1 ** t_next))"),
            "hint": pick(lang, "m = s = 0, g = 1, t = 1, lr = 1 에서 걸음의 크기를 손으로 계산해 보세요.",
                         "Compute the step for m = s = 0, g = 1, t = 1, lr = 1 by hand."),
            "counterexample": Counterexample("nadam_step(theta=[0.5], m=[0.0], s=[0.0], grad=[1.0], t=1)",
                                             "TypeError", "([0.4990526], [0.1], [0.001])")},
        "dtype_inputs_errors": {"rationale": pick(
            lang, "adamax_step: 값은 맞지만 dtype이 float64 입니다 (기대: float32).",
            "adamax_step: the values are right, but the dtype is float64 instead of float32."),
            "hint": pick(lang, "float32 배열을 넣고 세 결과의 dtype을 출력해 보세요.",
                         "Print the dtypes of the three results for float32 arrays."),
            "mismatches": (Mismatch("result[0].dtype", "float64", "float32"),),
            "counterexample": Counterexample(
                "adamax_step(theta=[0.5], m=[0.0], u=[0.0], grad=[1.0], t=1)", "float64", "float32")}})


def exercise_03(lang: str) -> Grade:
    """A student's nan, an array that must be cut, and values that differ in the tenth digit."""
    return grade_of(lang, "exercise_03", {
        "softmax_large_scores": {
            "diagnosis": Diagnosis("softmax_no_shift", pick(
                lang, "점수가 크면 exp가 넘쳐 nan이 됩니다 (점수 1000에서 확인).",
                "exp overflows for large scores, so a score of 1000 gives nan.")),
            "hint": pick(lang, "모든 점수에 같은 수를 더해도 결과가 같다는 점을 이용하세요.",
                         "Use the fact that adding one constant to all scores changes nothing."),
            "mismatches": (Mismatch("result[0, 0]", float("nan"), 0.5, None, None, 1e-9, 1e-12),
                           Mismatch("result[0, 1]", float("nan"), 0.5, None, None, 1e-9, 1e-12)),
            "counterexample": Counterexample("softmax([[1000.0, 1000.0, -1000.0]])", "[[nan, nan, 0.0]]",
                                             "[[0.5, 0.5, 0.0]]")},
        "loss_from_logits": {
            "rationale": pick(lang, "cross_entropy_from_logits: 값이 기대한 값과 다릅니다.",
                              "cross_entropy_from_logits gave a value that differs from the expected one."),
            "hint": pick(lang, "log와 exp가 서로 지워지도록 식을 정리해 보세요.",
                         "Simplify so that log and exp cancel."),
            "mismatches": (Mismatch("result", np.float64(2000.0031), np.float64(2000.00009), 0.00301,
                                    1.5e-6, 1e-6, 1e-6),),
            "counterexample": Counterexample("cross_entropy_from_logits(y=[1], z=[[2000.0, 0.0, -3.5]])",
                                             "2000.003", "2000.0")},
        "predict_classes": {
            "rationale": pick(lang, "predict_classes: 결과의 모양이 다릅니다: (10,) (기대: (3,)).",
                              "predict_classes gave the wrong shape: (10,) instead of (3,)."),
            "hint": pick(lang, "샘플이 3개면 답도 3개여야 합니다.", "Three samples must give three answers."),
            "mismatches": (Mismatch("result", list(range(2, 12)) * 3, np.array([9, 2, 1])),),
            "counterexample": Counterexample("predict_classes(p=<array 3×10>)", "…", "[9, 2, 1]")}})


def failing_cell(lang: str) -> Grade:
    """A cell failed and the checks that need it show it; the rest of the notebook ran."""
    missing = {"rationale": pick(lang, "nadam_step: 이 이름이 정의되어 있지 않습니다.",
                                 "nadam_step is not defined.")}
    return grade_of(lang, "exercise_11", {
        "nadam": {**missing, "hint": pick(lang, "셀 6을 먼저 고치세요.", "Mend cell 6 first.")},
    }, notices=(
        RunError("NameError", pick(lang, "셀 6에서 NameError: name 'nesterov' is not defined",
                                   "cell 6: NameError: name 'nesterov' is not defined"),
                 pick(lang, "셀 6", "cell 6"),
                 ("12  def nadam_step(theta, m, s, grad, t, lr=0.001):",
                  "13      # 네스테로프 항을 먼저 계산합니다",
                  "14→     look_ahead = nesterov(m, grad)")),
        RunError("cascade", pick(lang, "셀 7, 8의 NameError는 셀 6의 실패 때문일 수 있습니다 (2개).",
                                 "cells 7, 8 (2) lack names that cell 6 would have defined"))))


def untouched(lang: str) -> Grade:
    blank = {check_id: {
        "rationale": pick(lang, "adam_step: 아직 채워지지 않았습니다.", "adam_step is not filled in yet."),
        "hint": pick(lang, "m = s = 0, g = 3 을 손으로 넣어 보세요. 걸음의 크기는 g와 상관없이 얼마여야 하나요?",
                     "Put m = s = 0 and g = 3 in by hand. How long should the step be, whatever g is?")}
        for check_id, *_ in _CHECKS["exercise_11"]}
    return grade_of(lang, "exercise_11", blank, untouched=True)


def crashed(lang: str) -> Grade:
    """The process ended during a check; a Korean line is the student's last."""
    ended = {"verdict": Verdict.CRASHED, "rationale": pick(
        lang, "이 검사 도중에 프로그램이 종료되었습니다.", "The program ended during this check.")}
    names = ("place_of_epsilon", "zero_gradients", "adamax", "nadam", "dtype_inputs_errors")
    failures = dict.fromkeys(names, ended)
    return grade_of(lang, "exercise_11", failures, verdict=Verdict.CRASHED, error=RunError(
        "died", pick(lang, "검사 실행 중에 커널이 종료되었습니다 (os._exit 또는 신호 9).",
                     "the kernel ended during the checks (os._exit or signal 9)."),
        pick(lang, "검사", "the checks"),
        ("31  if not np.isfinite(걸음).all():",
         "32      print('걸음이 유한하지 않습니다. 프로그램을 끝냅니다: 그래디언트와 모멘트를 확인하세요')",
         "33→     os._exit(0)")))


def timed_out(lang: str) -> Grade:
    ended = {"verdict": Verdict.TIMED_OUT, "rationale": pick(
        lang, "제한 시간 안에 끝나지 않았습니다.", "It did not finish within the time limit.")}
    failures = {check_id: ended for check_id, *_ in _CHECKS["exercise_03"]}
    message = pick(lang, "셀 3이(가) 60초 안에 끝나지 않았습니다.", "cell 3 did not finish within 60 s.")
    error = RunError("timed_out", message, pick(lang, "셀 3", "cell 3"), ("4→ while True:", "5      pass"))
    return grade_of(lang, "exercise_03", failures, verdict=Verdict.TIMED_OUT, sandbox="none", error=error)


def unreadable(lang: str) -> Grade:
    return replace(full_points(lang), verdict=Verdict.CRASHED, points=0.0, checks=(), error=RunError(
        "syntax", pick(lang, "문법 오류: 12번째 줄, '(' was never closed: theta = theta - lr * (m",
                       "syntax error in line 12, '(' was never closed: theta = theta - lr * (m")))


def not_graded(lang: str) -> Grade:
    return replace(full_points(lang), verdict=Verdict.NOT_GRADED, points=None, checks=(), error=RunError(
        "SandboxError", pick(lang, "bubblewrap을 시작할 수 없습니다. `apt install bubblewrap`으로 설치하세요.",
                             "bubblewrap cannot be started; install it with `apt install bubblewrap`.")))


HOSTILE = ("\x1b[2J\x1b]0;owned\x07[bold red]10/10[/] \u202e<script>alert('x')</script> &amp; ]]> \x00\x9b31m\ud800"
           "\ufffe ::error::x\n::set-output name=points::10\n##[error]x \u2028{{ 7*7 }} {boom} %s e\u0301 "
           + "Z" + "\u0337" * 40)


def hostile(lang: str) -> Grade:
    """Everything that a student controls is hostile text."""
    bad: dict[str, object] = {
        "rationale": HOSTILE, "hint": HOSTILE, "counterexample": Counterexample(HOSTILE, HOSTILE, HOSTILE),
        "mismatches": (Mismatch(HOSTILE, HOSTILE, [HOSTILE, float("nan")], float("inf"), float("nan"), 1.0, 1.0),)}
    return grade_of(
        lang, "exercise_11", {
            "first_step": bad, "adamax": {**bad, "diagnosis": Diagnosis("x", HOSTILE), "title": HOSTILE},
            "nadam": {"verdict": Verdict.SKIPPED, "rationale": HOSTILE, "title": HOSTILE}},
        submission=SubmissionInfo(HOSTILE, SHA256, "module"), verdict=Verdict.CRASHED,
        error=RunError(HOSTILE, HOSTILE, HOSTILE, (HOSTILE, "\t" + HOSTILE)),
        notices=(RunError(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,)),) * 5)
