"""Grades exercises by what they compute. The layers, imports pointing downwards only (tests/test_architecture.py):

    EDGES      cli · progress · doctor · reports/{terminal,changes,html,junit,record,view,escape}
    ENGINE     watching · grading · vetting · reference · run · kernels · catalog · archive · submission
               kernel · client · provisioner · process · zygote · spawn · meter · text
               ladder · bubblewrap · landlock · seccomp · sandbox
    JUDGEMENT  assess · diagnose · judge · compare · vet            pure: no disk, process, clock or terminal
    AUTHORING  authoring · domains                                  the words of an exercise's checks.py
    DOMAIN     plan · observation · spec · verdict · messages · errors        pure data
    INSIDE     inside/{zygote,launcher,confinement,locks,probe,codec,keras_observers}   the only code of ours in the
                                                                kernel; imports nothing else

A newcomer reads `spec`, `plan`, `observation`, `verdict`, then `grading`, which is the main line.
"""
