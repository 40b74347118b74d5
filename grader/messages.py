"""Every sentence of the toolkit that a student can read, in Korean and English.

Texts of the course live in `exercise.toml`; those of the toolkit live here, by key. `say` fills them in.
"""

from grader.spec import Text

MESSAGES: dict[str, Text] = {
    # report.*: the frame of every report; statements end in 합니다, requests in 하세요
    "report.verdict.passed": Text("통과", "passed"),
    "report.verdict.failed": Text("미통과", "not passed"),
    "report.verdict.crashed": Text("비정상 종료", "crashed"),
    "report.verdict.timed_out": Text("시간 초과", "timed out"),
    "report.verdict.out_of_memory": Text("메모리 초과", "out of memory"),
    "report.verdict.skipped": Text("건너뜀", "skipped"),
    "report.verdict.not_graded": Text("채점하지 못함", "not graded"),
    "report.headline.praise": Text(
        "만점입니다! 모든 검사를 통과했습니다.",
        "Full points! Every check passed."),
    "report.headline.untouched": Text(
        "아직 빈칸 그대로입니다. 지금부터 하나씩 채우면 됩니다!",
        "Nothing is filled in yet: a good moment to begin, one step at a time!"),
    "report.headline.not_graded": Text(
        "채점기 쪽 문제로 채점하지 못했습니다. 점수는 기록되지 않았습니다.",
        "Not graded: the fault is ours, not yours. No points were recorded."),
    "report.kept": Text("그 전까지 얻은 점수는 그대로 인정됩니다.", "The points earned before that stand."),
    "report.reason.failed": Text("기대한 결과와 다릅니다.", "The result is not the expected one."),
    "report.reason.crashed": Text(
        "이 검사를 하는 도중에 프로그램이 종료되었습니다.",
        "The program ended during this check."),
    "report.reason.timed_out": Text(
        "제한 시간 안에 끝나지 않았습니다.",
        "It did not finish within the time limit."),
    "report.reason.out_of_memory": Text("메모리 한도를 넘었습니다.", "It needed more memory than allowed."),
    "report.reason.not_graded": Text(
        "채점기 쪽 문제로 판정하지 못했습니다.",
        "Could not be judged; the fault is ours."),
    "report.waiting": Text("앞의 검사를 통과하면 채점합니다.", "Judged once an earlier check passes."),
    "report.hint": Text("힌트", "Hint"),
    "report.result": Text("결과", "result"),
    "report.actual": Text("나온 값", "actual"),
    "report.expected": Text("기대한 값", "expected"),
    "report.difference": Text("차이 {size} (허용 {allowed})", "off by {size} (allowed {allowed})"),
    "report.difference.bare": Text("차이 {size}", "off by {size}"),
    "report.more.places": Text("그 밖에 {count}곳", "and {count} more"),
    "report.more.chips": Text("외 {count}개", "+{count}"),
    "report.more.problems": Text("그 밖에 통과하지 못한 검사 {count}개", "more checks not passed: {count}"),
    "report.more.notices": Text("그 밖에 오류 {count}건", "more errors: {count}"),
    "report.verbose": Text("-v를 붙이면 모두 보입니다", "-v shows everything"),
    "report.goal": Text("첫 목표", "First goal"),
    "report.next": Text("다음", "Next"),
    "report.next.fix": Text("{path} 파일을 고친 뒤 다시 채점하세요.", "fix {path} and grade again."),
    "report.next.fill": Text("{path} 파일을 채운 뒤 채점하세요.", "fill in {path} and grade it."),
    "report.next.retry": Text(
        "다시 해 보고, 되풀이되면 담당 선생님께 이 화면을 보여 주세요.",
        "try again; if this comes back, show it to your teacher."),
    "report.unprotected": Text("격리 없이 실행함", "run without a sandbox"),
    "report.seconds": Text("{seconds}초", "{seconds} s"),
    "report.fact.file": Text("파일", "file"),
    "report.fact.duration": Text("걸린 시간", "duration"),
    "report.fact.seed": Text("시드", "seed"),
    "report.fact.sandbox": Text("샌드박스", "sandbox"),
    "report.fact.version": Text("문제 버전", "exercise version"),
    "report.fact.sha256": Text("파일 지문", "file digest"),
    "report.html.title": Text("{exercise} 채점 결과", "{exercise}: report"),
    "report.html.points": Text("{max_points}점 만점에 {points}점", "{points} of {max_points} points"),
    "report.html.no_points": Text("점수 없음", "no points recorded"),
    "report.html.run": Text("실행 중에 생긴 일", "During the run"),
    "report.html.problems": Text("고칠 것", "To fix"),
    "report.html.call": Text("이렇게 부르면 드러납니다", "The call that shows it"),
    "report.html.evidence": Text("나온 값과 기대한 값", "Actual and expected values"),
    "report.html.place": Text("위치", "Place"),
    "report.html.difference": Text("차이", "Off by"),
    "report.html.allowed": Text("허용", "Allowed"),
    "report.html.waiting": Text("아직 판정하지 않은 것", "Not judged yet"),
    "report.html.checks": Text("모든 검사", "All checks"),
    "report.html.goals": Text("채워 나갈 것", "What there is to do"),
    "report.html.check": Text("검사", "Check"),
    "report.html.verdict": Text("판정", "Verdict"),
    "report.html.check_points": Text("점수", "Points"),
    "report.html.facts": Text("이 채점에 대하여", "About this grade"),
    # class.*: the report of a whole class, and what is handed back to each student
    "class.title": Text("{course} 학급 보고서", "{course}: class report"),
    "class.course": Text("과정", "Course"),
    "class.overview": Text("한눈에 보기", "Overview"),
    "class.place": Text("지금 위치", "You are here"),
    "class.skip": Text("본문으로 건너뛰기", "Skip to the content"),
    "class.students": Text("학생", "Students"),
    "class.student": Text("학생", "Student"),
    "class.submissions": Text("제출물", "Submissions"),
    "class.submission": Text("제출물", "Submission"),
    "class.exercises": Text("연습문제", "Exercises"),
    "class.exercise": Text("연습문제", "Exercise"),
    "class.missing": Text("미제출", "Missing"),
    "class.untouched": Text("빈칸 그대로", "Nothing filled in"),
    "class.handed_in": Text("채점", "Graded"),
    "class.mean": Text("평균", "Mean"),
    "class.median": Text("중앙값", "Median"),
    "class.full": Text("만점", "Full points"),
    "class.points": Text("점수", "Points"),
    "class.total": Text("합계", "Total"),
    "class.distribution": Text("점수 분포", "Distribution of points"),
    "class.distribution.of": Text("{exercise}의 점수 분포", "Distribution of points in {exercise}"),
    "class.distribution.bin": Text("{low}–{high}점: {count}명", "{low}–{high} points: {count}"),
    "class.bin": Text("점수 구간", "Points"),
    "class.count": Text("인원", "Students"),
    "class.people": Text("{count}명", "{count}"),
    "class.checks": Text("검사별 통과율", "Pass rate of each check"),
    "class.check": Text("검사", "Check"),
    "class.passed": Text("통과", "Passed"),
    "class.share": Text("비율", "Share"),
    "class.not_passed": Text("미통과", "Not passed"),
    "class.not_judged": Text("미판정", "Not judged"),
    "class.mistakes": Text("이 반이 자주 한 실수", "The mistakes of the class"),
    "class.no_mistakes": Text("이름 붙일 수 있는 실수가 없습니다.", "No mistake could be named."),
    "class.who": Text("제출물 보기", "Show the submissions"),
    "class.all_mistakes": Text("모두 보기", "Show all"),
    "class.unnamed": Text("원인을 이름 붙이지 못한 미통과", "Not passed, cause not named"),
    "class.ended": Text("도중에 끝난 제출물", "Submissions that ended early"),
    "class.ours": Text("채점하지 못한 제출물", "Submissions that could not be graded"),
    "class.ours.why": Text(
        "학생의 잘못이 아닙니다. 점수는 비워 두었고 어떤 수에도 0점으로 세지 않았습니다.",
        "No fault of the students: there are no points, and nothing here counts them as 0."),
    "class.slow": Text("오래 걸린 제출물", "The slowest submissions"),
    "class.seconds": Text("걸린 시간", "Duration"),
    "class.reason": Text("이유", "Reason"),
    "class.verdict": Text("판정", "Verdict"),
    "class.late": Text("지각", "Late"),
    "class.late.days": Text("{days}일", "{days} d"),
    "class.late.points": Text("{days}일 늦어 {earned}점이 {points}점으로", "{days} days late: {earned} points become {points}"),
    "class.attempts": Text("제출 횟수", "Attempts"),
    "class.filter": Text("학생 찾기", "Find a student"),
    "class.sort": Text("정렬하려면 머리글을 누르세요.", "Press a heading to sort."),
    "class.none": Text("없음", "none"),
    "class.charts": Text("그림", "Charts"),
    "class.training": Text("훈련 곡선", "Training curves"),
    "class.curve": Text("{title}: 나온 값과 기대한 값", "{title}: actual and expected values"),
    "class.map": Text("{title}: 오차 지도", "{title}: map of errors"),
    "class.map.about": Text(
        "모양 {shape}. 색이 진할수록 차이가 허용 오차의 여러 배입니다.",
        "Shape {shape}. The stronger the colour, the more times the difference exceeds what is allowed."),
    "class.map.plain": Text(
        "모양 {shape}. 색이 진할수록 차이가 큽니다.", "Shape {shape}. The stronger the colour, the larger the difference."),
    "class.map.small": Text(
        "한 칸은 여러 원소 가운데 가장 큰 차이입니다.", "Each cell is the greatest difference of several elements."),
    "class.map.within": Text("허용 범위", "allowed"),
    "class.map.equal": Text("같음", "equal"),
    "class.map.up_to": Text("{limit} 이하", "up to {limit}"),
    "class.map.infinite": Text("NaN·무한대", "NaN or infinity"),
    "class.step": Text("단계", "Step"),
    "class.row": Text("행", "Row"),
    "class.gaps": Text("빈 곳 {count}개: NaN 또는 무한대", "{count} gaps: NaN or infinity"),
    "class.log": Text("세로축은 로그 눈금입니다.", "The vertical axis is logarithmic."),
    "class.as_table": Text("표로 보기", "Show as a table"),
    "class.series.actual": Text("나온 값", "actual"),
    "class.series.expected": Text("기대한 값", "expected"),
    "class.series.loss": Text("loss (훈련 손실)", "loss"),
    "class.series.val_loss": Text("val_loss (검증 손실)", "val_loss"),
    "class.code": Text("제출한 코드", "The code"),
    "class.code.none": Text("이 제출물의 코드는 보관되지 않았습니다.", "The code of this submission was not kept."),
    "class.code.more": Text("… 그 밖에 {count}줄", "… {count} more lines"),
    "class.code.suspect": Text("검사를 통과하지 못한 부분", "part of what did not pass"),
    "class.code.fault": Text("오류가 난 줄", "the line of the error"),
    "class.code.cell": Text("셀 {cell}", "Cell {cell}"),
    "feedback.summary": Text("채점 결과", "Your grade"),
    "feedback.points": Text("**{points} / {max_points}점**", "**{points} of {max_points} points**"),
    "feedback.no_points": Text("점수 없음", "No points recorded"),
    "feedback.note": Text("채점 의견", "From the grader"),
    "feedback.example": Text("이렇게 부르면 드러납니다", "The call that shows it"),
    "feedback.values": Text("나온 값 {actual}, 기대한 값 {expected}", "actual {actual}, expected {expected}"),
    # rationale.*: one sentence why a check failed
    "rationale.waits": Text("먼저 ‘{title}’을(를) 해결하세요.", "First mend “{title}”."),
    "rationale.crashed": Text("이 검사 도중에 프로그램이 종료되었습니다.", "The program ended during this check."),
    "rationale.timed_out": Text("제한 시간 안에 끝나지 않았습니다.", "It did not finish within the time limit."),
    "rationale.out_of_memory": Text("메모리 한도를 넘었습니다.", "It needed more memory than allowed."),
    "rationale.late": Text("{name} 호출이 제한 시간 안에 끝나지 않았습니다.", "{name} did not finish within the time limit."),
    "rationale.not_started": Text("{name}: 아직 채워지지 않았습니다.", "{name} is not filled in yet."),
    "rationale.missing": Text("{name}: 이 이름이 정의되어 있지 않습니다.", "{name} is not defined."),
    "rationale.raised": Text("{name} 호출에서 오류가 났습니다: {error}", "{name} raised {error}"),
    "rationale.raised_at": Text(
        "{name} 호출에서 오류가 났습니다: {error} ({line}번째 줄: {code})", "{name} raised {error} (line {line}: {code})"),
    "rationale.no_error": Text(
        "{name}: 잘못된 입력인데 {expected} 대신 {actual} 값을 돌려주었습니다.",
        "{name} must raise {expected} for this input, but returned {actual}."),
    "rationale.wrong_error": Text(
        "{name}: {expected} 오류가 나야 하는데 {actual} 오류가 났습니다.",
        "{name} must raise {expected} for this input, but raised {actual}."),
    "rationale.returned_none": Text(
        "{name}: 값이 None 입니다. return을 빠뜨리지 않았나요?", "{name} gave None: is a return missing?"),
    "rationale.still_none": Text("{name}: 아직 값이 없습니다 (None).", "{name} is still None."),
    "rationale.type": Text(
        "{name}: 결과의 자료형이 다릅니다 ({path}).", "{name} gave the wrong type ({path})."),
    "rationale.kind": Text(
        "{name}: 결과가 {actual} 입니다 ({expected} 같은 값이어야 합니다).",
        "{name} gave {actual}; something like {expected} is needed."),
    "rationale.shape": Text(
        "{name}: 결과의 모양이 다릅니다: {actual} (기대: {expected}).",
        "{name} gave the wrong shape: {actual} instead of {expected}."),
    "rationale.value": Text("{name}: 값이 기대한 값과 다릅니다.", "{name} gave a value that differs from the expected one."),
    "rationale.dtype": Text(
        "{name}: 값은 맞지만 dtype이 {actual} 입니다 (기대: {expected}).",
        "{name}: the values are right, but the dtype is {actual} instead of {expected}."),
    "rationale.unchanged": Text(
        "{name}: 넘겨받은 인자 {path}의 내용을 바꾸었습니다.", "{name} changed its argument {path}."),
    "rationale.notrun": Text(
        "{name}: 앞 단계가 실패하여 실행하지 못했습니다.", "{name} could not be run because an earlier step failed."),
    # diagnosis.*: causes that need no planted mistake
    "diagnosis.dtype_wrong": Text(
        "값은 맞고 자료형만 다릅니다: {actual} (기대: {expected}).",
        "The values are right, only the type is wrong: {actual} instead of {expected}."),
    "diagnosis.argument_changed": Text(
        "넘겨받은 인자 {name}을(를) 제자리에서 바꾸었습니다.", "The argument {name} is changed in place."),
    "diagnosis.results_swapped": Text("두 결과의 순서가 바뀌었습니다.", "The two results are swapped."),
    "diagnosis.transposed": Text(
        "결과가 전치되어 있습니다 (행과 열이 바뀜).",
        "The result is transposed (rows and columns swapped)."),
    "diagnosis.shape_wrong": Text(
        "값은 맞지만 모양이 다릅니다: {actual} (기대: {expected}).",
        "The values are right, but the shape is {actual} instead of {expected}."),
    "diagnosis.off_by_one": Text("모든 값이 {offset} 만큼 어긋나 있습니다.", "Every value is off by {offset}."),
    "diagnosis.sign_flipped": Text("부호가 반대입니다.", "The sign is flipped."),
    "diagnosis.constant_factor": Text(
        "모든 값이 기대한 값의 {factor}배입니다.",
        "Every value is {factor} times the expected one."),
    # run.*: what disturbed or ended a run
    "run.cell_failed": Text("셀 {cell}에서 {error}", "cell {cell}: {error}"),
    "run.line": Text("{line}번째 줄에서 {error}", "line {line}: {error}"),
    "run.cascade": Text(
        "셀 {cells}의 NameError는 셀 {cell}의 실패 때문일 수 있습니다 ({count}개).",
        "cells {cells} ({count}) lack names that cell {cell} would have defined"),
    "run.timed_out": Text("{place}이(가) {seconds}초 안에 끝나지 않았습니다.", "{place} did not finish within {seconds} s."),
    "run.died": Text("{place} 실행 중에 커널이 종료되었습니다 ({cause}).", "the kernel ended during {place} ({cause})."),
    "run.no_evidence": Text("{place}에서 읽을 수 있는 답이 오지 않았습니다 ({cause}).",
                            "{place} brought no answer that can be read ({cause})."),
    "run.out_of_memory": Text(
        "{place} 실행 중에 메모리 한도({limit} MB)를 넘었습니다.",
        "{place} needed more memory than allowed ({limit} MB)."),
    "run.exited": Text("{place}에서 프로그램을 끝냈습니다 ({error}).", "{place} ended the program ({error})."),
    "run.cell": Text("셀 {cell}", "cell {cell}"),
    "run.module": Text("모듈", "the module"),
    "run.checks": Text("검사", "the checks"),
    "run.preparing": Text(
        "처음 한 번만: 알려진 실수 {count}가지를 준비하고 있습니다 …", "this once: preparing {count} known mistakes …"),
    "run.input": Text("여기서는 input()을 쓸 수 없습니다.", "input() cannot be used here."),
    "run.python2": Text(
        "Python 2의 print 문입니다. Python 3에서는 print(...)로 쓰세요.",
        "this is Python 2's print statement; in Python 3 write print(...)."),
    "run.platform": Text(
        "이 셀은 다른 시스템({module})의 것입니다. 점수에는 상관없습니다.",
        "this cell belongs to another system ({module}); it costs no points by itself."),
    "run.download": Text(
        "채점하는 곳에는 네트워크가 없고, 이 데이터는 과정이나 이 컴퓨터(~/.keras/datasets)에도 없습니다. 과제의 data/ 폴더를 쓰세요.",
        "there is no network where submissions are graded, and neither the course nor this machine (~/.keras/datasets) has these data; use the data/ folder of the exercise."),
    # unreadable.*: a submission that cannot be run at all
    "unreadable.empty": Text("파일이 비어 있습니다.", "the file is empty."),
    "unreadable.not_utf8": Text(
        "UTF-8로 읽을 수 없습니다 (바이트 {offset}). UTF-8로 저장하세요.",
        "not UTF-8 (byte {offset}); save it as UTF-8."),
    "unreadable.not_json": Text(
        "노트북이 올바른 JSON이 아닙니다 ({line}행 {column}열: {reason}). Jupyter에서 다시 저장하세요.",
        "the notebook is not valid JSON (line {line}, column {column}: {reason}); save it again from Jupyter."),
    "unreadable.not_a_notebook": Text(
        "노트북 형식이 아닙니다 ({reason}). Jupyter에서 다시 저장하세요.", "not a notebook ({reason}); save it again from Jupyter."),
    "unreadable.language": Text(
        "{language} 노트북입니다. Python 노트북을 제출하세요.",
        "this is a notebook in {language}; hand in a Python notebook."),
    "unreadable.no_code": Text("코드 셀이 없습니다.", "there is no code cell."),
    "unreadable.too_large": Text(
        "파일이 너무 큽니다 ({size} MB, 한도 {limit} MB).",
        "the file is too large ({size} MB; at most {limit} MB)."),
    "unreadable.syntax": Text(
        "문법 오류: {line}번째 줄, {reason}: {code}",
        "syntax error in line {line}, {reason}: {code}"),
    "unreadable.no_archive": Text(
        "올바른 zip 파일이 아니거나 일부만 올라왔습니다. 다시 압축해서 제출하세요.",
        "not a zip archive, or only part of one; pack it again."),
    "unreadable.archive_too_many": Text(
        "압축 파일에 든 파일이 너무 많습니다 ({count}개, 한도 {limit}개).",
        "the archive holds too many files ({count}; at most {limit})."),
    "unreadable.archive_too_large": Text(
        "압축을 풀면 너무 커집니다 (한도 {limit} MB).", "the archive unpacks into too much (at most {limit} MB)."),
    "unreadable.archive_bomb": Text(
        "압축 파일 안의 파일들이 서로 겹쳐 있습니다. 다시 압축해서 제출하세요.",
        "the files in the archive overlap; pack it again."),
    "unreadable.member.path": Text(
        "압축 파일 안의 경로가 올바르지 않습니다 (절대 경로, .. 또는 \\). 다시 압축해서 제출하세요.",
        "its path in the archive is not a plain one (absolute, with .. or \\); pack it again."),
    "unreadable.member.name": Text(
        "압축 파일 안의 파일 이름이 올바르지 않습니다.", "its name in the archive is not one that a file can have."),
    "unreadable.member.link": Text(
        "압축 파일 안의 심볼릭 링크나 특수 파일은 채점하지 않습니다.",
        "symbolic links and special files in an archive are not graded."),
    "unreadable.member.encrypted": Text(
        "암호가 걸려 있습니다. 암호 없이 압축해서 제출하세요.", "it is encrypted; pack it without a password."),
    "unreadable.member.method": Text(
        "지원하지 않는 압축 방식입니다. 보통의 zip으로 다시 압축하세요.",
        "it is packed in a way that is not supported; pack it as an ordinary zip."),
    "unreadable.member.nested": Text(
        "압축 파일 안의 압축 파일은 풀지 않습니다.", "an archive inside an archive is not unpacked."),
    "unreadable.member.too_large": Text("압축을 풀면 너무 커집니다.", "it unpacks into too much."),
    "unreadable.member.bomb": Text(
        "크기에 비해 지나치게 많이 압축되어 있습니다.", "it unpacks into far more than it should."),
    "unreadable.member.twice": Text(
        "압축 파일 안에 같은 이름의 파일이 여럿 있습니다. 하나만 넣어 다시 압축하세요.",
        "the archive holds several files of this name; pack one of them."),
    "unreadable.member.broken": Text(
        "압축 파일이 손상되었습니다. 다시 압축해서 제출하세요.", "it is damaged in the archive; pack it again."),
    "unreadable.link": Text("심볼릭 링크나 특수 파일은 채점하지 않습니다.", "symbolic links and special files are not graded."),
    # gradescope.*, github.*: what only these platforms ask for
    "gradescope.unfinished": Text(
        "채점이 끝나지 않았습니다. 채점기 쪽 문제이며 점수는 기록되지 않았습니다. 담당 선생님께 다시 채점을 부탁하세요.",
        "Grading did not finish. The fault is ours and no points were recorded; ask your teacher to run it again."),
    "gradescope.no_file": Text(
        "채점할 파일이 없습니다. {exercise}.ipynb 또는 {exercise}.py 파일을 제출하세요.",
        "There is no file to grade: hand in {exercise}.ipynb or {exercise}.py."),
    "gradescope.several_files": Text(
        "어느 파일을 채점할지 알 수 없습니다 ({count}개). 하나의 이름을 {exercise}.ipynb 또는 {exercise}.py로 바꾸어 제출하세요.",
        "There are {count} files that could be meant: name one of them {exercise}.ipynb or {exercise}.py."),
    "github.more": Text("그 밖에 {count}건이 더 있습니다. 요약을 보세요.", "and {count} more: see the summary."),
    "github.cut": Text(
        "나머지는 생략했습니다. GitHub는 한 단계의 요약을 1 MiB까지만 받습니다.",
        "The rest is left out: GitHub takes a summary of at most 1 MiB from a step."),
    # list.*: columns of `grade list`
    "list.exercise": Text("연습문제", "exercise"),
    "list.title": Text("제목", "title"),
    "list.points": Text("배점", "points"),
    "list.best": Text("최고 점수", "best so far"),
    # watch.*: around the report of `grade watch`
    "watch.points": Text("{before} → {after}점", "{before} → {after} points"),
    "watch.same": Text("지난번과 같습니다.", "Same as last time."),
    "watch.better": Text("{check}: 이제 통과합니다", "{check}: now passes"),
    "watch.worse": Text("{check}: 이제 통과하지 못합니다", "{check}: no longer passes"),
    "watch.grading": Text("채점하는 중 …", "grading …"),
    "watch.waiting": Text("{path} 파일이 생기기를 기다립니다.", "waiting for {path}."),
    "watch.ready": Text("저장하면 다시 채점합니다. Ctrl-C로 끝냅니다.", "Graded again at every save. Ctrl-C ends."),
}


def say(key: str, lang: str, /, **values: object) -> str:
    """The sentence `key` in `lang`, with `{names}` filled in."""
    return MESSAGES[key].to(lang).format(**values)
