"""Grades exercises by what they compute. The layers, imports pointing downwards only (tests/test_architecture.py):

    EDGES      cli · commands/* · classroom · gradebook (migrations/) · publishing · progress · doctor
    EXPORTS    exports/{table,canvas,moodle,gradescope,junit,github,similar,…}     a class as others read it    } pure
    REPORTS    reports/{terminal,html,record,junit,changes,classreport,notebook,…} a grade, a class as text     }
    ENGINE     batch · cluster · workshop · intake · similar · watching · grading · vetting · reference · run · kernels
               catalog · archive · submission · kernel · client · provisioner · process · zygote · spawn · meter · text
               ladder · bubblewrap · landlock · seccomp · sandbox
    JUDGEMENT  assess · charts · diagnose · judge · compare · mutation · vet    pure: no disk, process, clock, terminal
    AUTHORING  authoring · domains                                  the words of an exercise's checks.py
    DOMAIN     plan · observation · spec · entries · verdict · messages · errors          pure data
    INSIDE     inside/{zygote,launcher,confinement,locks,probe,codec,keras_observers}   the only code of ours in the
                                                                kernel; imports nothing else

A newcomer reads `spec`, `plan`, `observation`, `verdict`, then `grading`, which is the main line for one submission;
`entries`, `intake`, `batch`, `gradebook` are that for a class. A new format of `grade export` is a module of `exports`
and a command in `commands/export.py`.
"""
