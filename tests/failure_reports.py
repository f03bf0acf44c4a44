"""What the tests of failure reports share: reading them out of a database."""
import dmarcq

# A configuration under which everything is kept.
KEEP = '[dmarcq]\nkeep-personal-data = yes\n'


def stored(db):
    """Every failure report as a dictionary, its results by method and its texts by field."""
    out = []
    names = [row[1] for row in dmarcq.rows(db, 'PRAGMA table_info(failure)')]
    for row in dmarcq.rows(db, 'SELECT * FROM failure ORDER BY id'):
        failure = dict(zip(names, row))
        failure['domain'] = dmarcq.rows(db, f'SELECT text FROM failure_domain WHERE id = {failure["domain"]}')[0][0]
        for method, result, domain in dmarcq.rows(
                db, f'SELECT method, result, domain FROM failure_result WHERE failure = {failure["id"]} ORDER BY n'):
            failure.setdefault(method, []).append((result, domain))
        for field, text in dmarcq.rows(db, f'SELECT list, text FROM failure_text WHERE failure = {failure["id"]} ORDER BY n'):
            failure.setdefault(field, []).append(text)
        out.append(failure)
    return out


def must(condition, what):
    if not condition:
        raise dmarcq.Failed(what)


def differences(expected, got):
    return [f'{key}: expected {value!r}, got {got.get(key, [] if isinstance(value, list) else None)!r}'
            for key, value in expected.items() if got.get(key, [] if isinstance(value, list) else None) != value]
