"""A small class, and the files that its teacher has from Canvas and Moodle."""

from dataclasses import replace

from grader.entries import MISSING, Entry, Student
from grader.verdict import Grade
from tests.report_samples import samples

KIM = Student("kim", "Minsu Kim", "2026-1", "kim@x.kr", platform_id="101")
LEE = Student("lee", "이영희", "2026-2", "lee@x.kr", platform_id="102")
PARK = Student("park", "Jia Park", "2026-3", "park@x.kr", platform_id="103")
CHOI = Student("choi", "Dae Choi", "2026-4", "choi@x.kr")
TITLES = {"exercise_03": ("깨지지 않는 소프트맥스", "Softmax that does not break"), "exercise_11": ("Adam 걸음", "Adam steps")}


def entry(student: Student = KIM, exercise: str = "exercise_03", points: float | None = 7.5, **changes: object) -> Entry:
    verdict = "not_graded" if points is None else "passed" if points == 10 else "failed"
    return replace(Entry(student, exercise, verdict, points, points, 10.0, attempts=1, attempt=1, sha256="aa",
                         path=f"{student.login}/{exercise}.py", seed=5, graded_at=1772500000.0), **changes)


def missing(student: Student, exercise: str = "exercise_03") -> Entry:
    return Entry(student, exercise, MISSING, None, None, 10.0)


CLASS = [entry(), entry(exercise="exercise_11", points=10.0), entry(LEE, points=6.875), missing(LEE, "exercise_11"),
         entry(PARK, points=None), entry(PARK, "exercise_11", 0.0)]

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Notes,HW 1: exercise_03 (9001),\"Adam steps, part \"\"1\"\" (9002)\","
    "Quiz (9003),Assignments Current Score,Final Score\r\n"
    ",,,,,,Manual Posting,,,,\r\n"
    "    Points Possible,,,,,,10.00,10.00,5.00,(read only),(read only)\r\n"
    "\"Kim, Minsu\",101,2026-1,kim,01,asks a lot,,\"3.5\",4.00,70.1,70.1\r\n"
    "이영희,102,2026-2,lee,01,,6.88, ,,,\r\n"
    "\"Park, Jia\",103,2026-3,park,01,,2.00,,,,\r\n"
    "\"Student, Test\",999,,f00,01,,,,,,\r\n")

GERMAN_CANVAS = (
    "Student;ID;SIS Login ID;Section;exercise_03 (9001);Quiz (9003)\n"
    "    Points Possible;;;;10,00;5,00\n"
    "Kim, Minsu;101;kim;01;;4,50\n"
    "이영희;102;lee;01;9,00;\n")

WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    "Participant 101,Minsu Kim,,kim@x.kr,Submitted for grading,,10.00,Yes,\"Monday, 16 March 2026, 11:58 PM\",-,\n"
    "Participant 500,이영희,2026-2,lee@x.kr,Submitted for grading,3.00,10.00,Yes,-,\"Monday, 2 March 2026, 9:00 AM\",Good\n"
    "Participant 103,Jia Park,2026-3,park@x.kr,No submission,,10.00,Yes,-,-,\n")


def grades(lang: str) -> dict[str, Grade]:
    """Grades as they come up, by name."""
    return samples(lang)
