"""The company's page: what is wrong in its world, with a button to mend each thing or to break it."""

from html import escape

from bot.sandbox.company.causes import OF_ITEMS
from bot.sandbox.company.company import Company
from bot.sandbox.company.world import Condition, Mailbox

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;color:#1d1c1d;background:#f6f6f4;margin:0}
main{max-width:64rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}
p{color:#555;margin:.3rem 0 1rem}
table{border-collapse:collapse;width:100%;background:#fff;border:1px solid #ddd;border-radius:8px}
td,th{text-align:start;padding:.5rem .75rem;border-top:1px solid #eee;vertical-align:top}
th{font-weight:600;border-top:0}
small{color:#666;display:block;overflow-wrap:anywhere}
form{display:inline}
button,select,input{font:inherit;padding:.25rem .7rem;border:1px solid #bbb;border-radius:6px;background:#fff}
button{cursor:pointer;white-space:nowrap}button:hover{background:#f0f0ee}
.bad{color:#a3262a;font-weight:600}.good{color:#1e6b45;font-weight:600}
@media (prefers-color-scheme:dark){body{background:#1a1a1a;color:#eee}p,small{color:#aaa}
table,button,select,input{background:#242424;color:#eee;border-color:#444}td,th{border-color:#333}
button:hover{background:#333}.bad{color:#ff8a8a}.good{color:#7fd6a8}}
"""


def page(company: Company) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Northwind's sync engine</title><style>{_STYLE}</style></head><body><main>
<h1>Northwind's sync engine</h1>
<p>{len(company.world.mailboxes)} mailboxes, schedules {company.pace.speed:g} times as fast as in life,
{company.outbox.delivered} events delivered, {len(company.outbox)} waiting.
What is mended here heals at the next run, or at a retry in Slack.</p>
{_controls(company)}
<h2>What is wrong</h2>{_conditions(company)}
<h2>Mailboxes</h2>{_mailboxes(company)}
</main></body></html>"""


def _controls(company: Company) -> str:
    mailboxes = "".join(
        f'<option value="{each.key}">{escape(each.source)}</option>'
        for each in company.world.mailboxes.values()
    )
    causes = "".join(
        f'<option value="{name}">{escape(each.code)}</option>' for name, each in OF_ITEMS.items()
    )
    return f"""<form method="post" action="/failures">
<select name="mailbox" aria-label="Mailbox">{mailboxes}</select>
<select name="cause" aria-label="Cause">{causes}</select> <button>Make a failure now</button></form>
<form method="post" action="/speed"><input name="speed" type="number" min="1" max="100000" step="any"
aria-label="Speed" value="{company.pace.speed:g}"> <button>Set the speed</button></form>"""


def _conditions(company: Company) -> str:
    rows = "".join(_condition(company, each) for each in company.world.conditions.values())
    return f"<table><tr><th>Condition</th><th>State</th><th></th></tr>{rows}</table>"


def _condition(company: Company, condition: Condition) -> str:
    holds = condition.holds(company.now())
    verb, label = ("resolve", condition.fix) if holds else ("restore", condition.undo)
    state = '<span class="bad">holds</span>' if holds else '<span class="good">gone</span>'
    affected = escape(", ".join(company.world.affected(condition)) or "nobody")
    return f"""<tr><td><bdi>{escape(condition.title)}</bdi><small>{condition.code} · {affected}</small></td>
<td>{state}</td><td>{_button(f"/conditions/{condition.id}/{verb}", label)}</td></tr>"""


def _mailboxes(company: Company) -> str:
    rows = "".join(_mailbox(company, each) for each in company.world.mailboxes.values())
    return f"<table><tr><th>Mailbox</th><th>Now</th><th>Next run</th><th></th></tr>{rows}</table>"


def _mailbox(company: Company, mailbox: Mailbox) -> str:
    due = f"{mailbox.next_sync_at:%H:%M:%S} UTC" if mailbox.next_sync_at else "none"
    return f"""<tr><td>{escape(mailbox.source)}<small>{escape(mailbox.policy.name)}</small></td>
<td>{_state(company, mailbox)}</td><td>{due}</td>
<td>{_button(f"/mailboxes/{mailbox.key}/sync", "Sync now")}</td></tr>"""


def _state(company: Company, mailbox: Mailbox) -> str:
    blocker = mailbox.blocked_by(company.now())
    failing = len(mailbox.failing())
    if mailbox.run:
        return f"{mailbox.run.kind} run"
    if blocker:
        return f'<span class="bad">{blocker.code}</span>'
    return f'<span class="bad">{failing} failed</span>' if failing else "well"


def _button(action: str, label: str) -> str:
    return f'<form method="post" action="{action}"><button>{escape(label)}</button></form>'
