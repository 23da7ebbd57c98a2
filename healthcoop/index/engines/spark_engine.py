"""Apache Spark over the Parquet tables in a folder: on this machine, or on a cluster."""

import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from healthcoop.errors import HealthcoopError
from healthcoop.index.engines import TABLES, Answer, Parameters, dialect

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about versions of pandas, which is not used
    from pyspark.errors import PySparkException
    from pyspark.sql import DataFrame, SparkSession

_QUIET = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c: %m%n
"""
_GIBIBYTE = 1 << 30


class SparkEngine:
    """Runs translated scripts; tables and views are temporary views of a session of its own.

    A filled table is computed once, and kept on the executors (a local checkpoint).
    """

    def __init__(self, folder: str, master: str) -> None:
        """Start Spark, or use what runs in this process; make a view of each table."""
        self._temporary = tempfile.TemporaryDirectory(prefix="healthcoop-")
        self._tables: dict[str, dialect.Table] = {}
        self._own = SparkSession.getActiveSession() is None
        try:
            with _errors():
                self._started = _start(master, Path(self._temporary.name))
                self._session = self._started.newSession()
                for table in TABLES:
                    self._read(folder, table).createOrReplaceTempView(table)
        except HealthcoopError:
            self.close()
            raise

    def _read(self, folder: str, table: str) -> DataFrame:
        place = folder.rstrip("/")
        if "://" not in folder:
            path = Path(folder).absolute()
            part = table if (path / table).is_dir() else f"{table}.parquet"
            # What is a pattern in Hadoop's paths is text in ours.
            place = re.sub(r"([\\*?{}\[\]])", r"\\\1", str(path / part))
            return self._session.read.parquet(f"file://{place}")
        try:
            return self._session.read.parquet(f"{place}/{table}.parquet")
        except PySparkException:
            return self._session.read.parquet(f"{place}/{table}")

    def create(self, script: str) -> None:
        """Create the temporary tables of a script, empty, and its views."""
        with _errors():
            for found in dialect.tables_and_views(script, "spark"):
                if isinstance(found, dialect.Table):
                    self._tables[found.name] = found
                    columns = (f"CAST(NULL AS {t}) AS `{n}`" for n, t in found.columns.items())
                    empty = self._session.sql(f"SELECT {', '.join(columns)} WHERE FALSE")
                    empty.createOrReplaceTempView(found.name)
                else:
                    name, query = found
                    self._session.sql(f"CREATE OR REPLACE TEMPORARY VIEW `{name}` AS {query}")

    def fill(self, table: str, script: str, parameters: Parameters) -> None:
        """Replace the rows of a temporary table by those of an INSERT statement."""
        rows, values = dialect.select(script, "spark", parameters, self._tables)
        with _errors():
            filled = self._session.sql(rows, args=[*values]) if values else self._session.sql(rows)
            filled.localCheckpoint().createOrReplaceTempView(table)

    def run(self, script: str, parameters: Parameters = ()) -> Answer:
        """Run a SELECT statement."""
        query, values = dialect.select(script, "spark", parameters, self._tables)
        with _errors():
            answer = (
                self._session.sql(query, args=[*values]) if values else self._session.sql(query)
            )
            return Answer(answer.columns, [tuple(row) for row in answer.collect()])

    def lacks(self, condition: str) -> str:
        """Return in words what a filter's condition needs and Spark lacks; empty for none."""
        return dialect.missing(condition)

    def close(self) -> None:
        """Stop Spark, unless it ran before, and remove its temporary files."""
        if self._own and hasattr(self, "_started"):
            self._started.stop()
        self._temporary.cleanup()


def open_folder(folder: str, master: str | None) -> SparkEngine:
    """Open the tables in a folder of this machine, or at a URL; raises HealthcoopError."""
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        raise HealthcoopError(
            "--engine spark needs Java 17 or later",
            hint="Install a Java runtime (Debian: apt-get install default-jre-headless).",
        )
    return SparkEngine(folder, master or "local[*]")


def _start(master: str, temporary: Path) -> SparkSession:
    # Of Java and of Python: errors are raised.
    quiet = temporary / "log4j2.properties"
    quiet.write_text(_QUIET, encoding="utf-8")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    builder = SparkSession.builder.master(master).appName("healthcoop")
    settings = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:{quiet}",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2 // _GIBIBYTE
        settings |= {
            "spark.driver.memory": f"{max(memory, 1)}g",
            "spark.local.dir": str(temporary),
            "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 1)),
        }
    for name, value in settings.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return builder.getOrCreate()


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Errors of Java are of py4j, which is not ours to import.
        if not isinstance(error, PySparkException) and not hasattr(error, "java_exception"):
            raise
        raise HealthcoopError(f"Spark: {str(error).strip().splitlines()[0]}") from None
