"""Notebooks with test cells at their ends, run by nbclient. Run by `compare.py`: python run_nbclient.py JOB"""

import nbformat
from job import grade_all, read_job
from nbclient import NotebookClient

job = read_job()


def grade(submission: dict[str, str]) -> float:
    notebook = nbformat.read(submission["notebook"], as_version=4)
    notebook.cells += [nbformat.from_dict(cell) for cell in job["cells"]]
    client = NotebookClient(notebook, timeout=job["timeout"], allow_errors=True,
                            resources={"metadata": {"path": job["work"]}})
    client.execute()
    tests = notebook.cells[-len(job["cells"]):]
    return sum(job["checks"][cell.id] for cell in tests
               if not any(output.output_type == "error" for output in cell.outputs))


grade_all(job, grade)
