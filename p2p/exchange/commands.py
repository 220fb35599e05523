"""Importing and exporting from the shell: never asks, prints what it decided, and refuses rather than guess."""

import sys
import time
from pathlib import Path
from typing import Any

import click
from flask import current_app

from p2p.db import db, now
from p2p.engine import Busy
from p2p.exchange import exporting
from p2p.exchange.checking import CannotImport, Progress, Staged
from p2p.exchange.kind import Kind
from p2p.exchange.kinds import KINDS
from p2p.exchange.mapping import Mapping, WrongMapping
from p2p.exchange.reading import Sheet, Unreadable
from p2p.exchange.runs import jobs
from p2p.exchange.runs.models import FAILED, NEW, WRITING, ImportRun
from p2p.exchange.runs.uploads import digest_of
from p2p.exchange.vcards.writing import VERSIONS
from p2p.identity import policy
from p2p.identity.queries import user_by_email
from p2p.starting import get_ready, use_company_format

SHOWN = 20
COUNTED = {"created": "created", "brought_back": "brought back", "filled": "filled in"}
COUNTED |= {"skipped": "known already", "refused": "left out"}


@click.group("import")
def import_() -> None:
    """Bring files in."""


def _command(kind: Kind) -> click.Command:
    """`import KIND FILE`."""

    @click.command(kind.name, help=f"Import {kind.name} from {kind.files} FILE, all of it or nothing.")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--map", "given", multiple=True, metavar="FIELD=COLUMN", help="A field's column; blank for none.")
    @click.option("--skip-bad", is_flag=True, help="Leave rows with problems out instead of stopping.")
    @click.option("--as", "email", metavar="EMAIL", help="Act as this user (else: as the command line).")
    @click.option("--encoding", help="How letters are written, such as utf-8 or cp1252 (else: found by content).")
    @click.option("--delimiter", help="What stands between cells (else: found by content).")
    @click.option("--fill", flag_value="1", hidden=not kind.fills, help="Fill in what is blank of those known already.")
    def command(file: Path, given: tuple[str, ...], skip_bad: bool, email: str | None, **how: str | None) -> None:
        dialect = {
            "fill": how["fill"] or "",
            "encoding": how["encoding"] or "",
            "delimiter": (how["delimiter"] or "").replace("\\t", "\t"),
        }
        get_ready(current_app)
        use_company_format()
        by = _acting(email)
        try:
            asked = jobs.Request(kind.name, file, digest_of(file), _pairs(given), dialect, skip_bad)
        except OSError as error:
            raise click.ClickException(str(error)) from error
        _import(asked, by)

    return command


for _kind in KINDS.values():
    import_.add_command(_command(_kind))


@click.command("export")
@click.argument("kind", type=click.Choice(list(exporting.LISTS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--version", type=click.Choice(VERSIONS), default=VERSIONS[0], show_default=True, help="Of vCards.")
def export(kind: str, file: Path, version: str) -> None:
    """Write all records of a KIND into a new FILE: CSV, or vCards where it ends in .vcf."""
    get_ready(current_app)
    use_company_format()
    if file.suffix.lower() == ".vcf" and kind != "contacts":
        raise click.ClickException(f"Only contacts can be vCards. Name a file that ends in .csv for {kind}.")
    parts = exporting.cards(version) if file.suffix.lower() == ".vcf" else exporting.table(kind)
    try:
        with file.open("x", encoding="utf-8", newline="") as opened:
            opened.writelines(parts)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already, and it stays. Name another file.") from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"The {kind} are in {file}.")


def _import(asked: jobs.Request, by: Any) -> None:
    started = time.monotonic()
    try:
        result = jobs.check(asked, _bar("Checking"))
    except (Unreadable, WrongMapping, OSError) as error:
        raise click.ClickException(str(error)) from error
    kind, staged = result.kind, result.staged
    _say_decided(kind, result.sheet, result.mapping)
    if staged is None:
        missing = ", ".join(kind.missing(result.mapping))
        raise click.ClickException(f"No column was found for: {missing}. Say which with --map FIELD=COLUMN.")
    del result
    for line in staged.remarks:
        click.echo(f"  Note: {line}")
    _say_problems(staged)
    if staged.problems and not asked.skip_bad:
        raise click.ClickException("Nothing was imported. Correct these rows, or leave them out with --skip-bad.")
    _say_done(kind, _write(asked, kind, staged, by), time.monotonic() - started)


def _acting(email: str | None) -> Any:
    if email is None:
        return None
    found = user_by_email(email)
    if found is None or not found.active:
        raise click.ClickException(f"There is no active user {email}.")
    if not policy.may(found, "exchange.import"):
        raise click.ClickException(f"{found.name} may not import.")
    return found


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for each in given:
        name, sign, column = each.partition("=")
        if not sign:
            raise click.ClickException(f"--map {each}: write FIELD=COLUMN, such as subject=Topic.")
        pairs[name.strip()] = column
    return pairs


def _write(asked: jobs.Request, kind: Kind, staged: Staged, by: Any) -> dict[str, int]:
    """Note the run, so that others can see that an import is running, then write."""
    run = ImportRun(file_name=asked.source.name[:200], digest=asked.digest, mapping=dict(asked.given), status=WRITING)
    run.kind = kind.name
    run.dialect, run.total, run.by_id, run.started_at = dict(asked.dialect), staged.total, by.id if by else None, now()
    db.session.add(run)
    db.session.commit()
    run_id = run.id
    try:
        return jobs.write(run_id, kind, staged, by=by, progress=_bar("Writing")).counts
    except (CannotImport, Busy) as error:
        words = str(error) or jobs.BUSY
        jobs.note(run_id, status=FAILED, message=words, finished_at=now())
        raise click.ClickException(words) from error
    except BaseException:
        jobs.note(run_id, status=FAILED, message=jobs.BROKE, finished_at=now())
        raise


def _bar(words: str) -> Progress:
    """One line that counts up; on a terminal only."""

    def step(done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{words}: {done:,} of {total:,}", nl=done >= total, err=True)

    return step


def _say_decided(kind: Kind, sheet: Sheet, mapping: Mapping) -> None:
    mark = {"\t": "tab"}.get(sheet.delimiter, sheet.delimiter)
    cells = f", cells divided by “{mark}”" if mark else ""
    click.echo(f"Read {len(sheet.rows):,} rows, {sheet.encoding}{cells}.")
    for line in sheet.notes:
        click.echo(f"  Note: {line}")
    for name, choice in mapping.choices.items():
        assumed = "  (assumed: the file does not settle it)" if choice.format.assumed else ""
        form = "" if choice.format.kind == "text" else f", {choice.format.words}"
        click.echo(f"  {name} ← {choice.column}{form}{assumed}")
    empty = [field.name for field in mapping.fields if field.name not in mapping.choices and not field.spare]
    if empty:
        click.echo(f"  no column for: {', '.join(empty)}")
    if mapping.left_out:
        kept = "kept with the record" if kind.keeps_rest else "left out"
        click.echo(f"  {kept}: {', '.join(mapping.left_out)}")


def _say_problems(staged: Staged) -> None:
    for problem in staged.problems[:SHOWN]:
        where = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
        click.echo(f"  {where}: “{problem.value[:80]}”: {problem.reason}", err=True)
    if len(staged.problems) > SHOWN:
        click.echo(f"  … and {len(staged.problems) - SHOWN:,} more", err=True)
    if staged.problems:
        click.echo(f"{staged.refused:,} of {staged.total:,} rows have problems.", err=True)


def _say_done(kind: Kind, counts: dict[str, int], seconds: float) -> None:
    told = [f"{counts[name]:,} {words}" for name, words in COUNTED.items() if name in counts]
    click.echo("Rows: " + ", ".join(told))
    click.echo("New: " + ", ".join(f"{counts[each.name]:,} {each.label}" for each in kind.made))
    if not sum(counts.get(name, 0) for name in NEW):
        click.echo("Nothing in this file was new, so nothing was changed.")
    click.echo(f"Done in {seconds:.1f} s.")
