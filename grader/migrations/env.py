"""Run by Alembic, in the transaction of the gradebook that is being opened."""

from alembic import context

from grader.gradebook import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata,
                  render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
