"""What is promised of every conversation, checked: nothing acknowledged is lost, nothing doubled, one order for all.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from tap import expect


def text_of(message):
    return message['message'] if 'message' in message else message['text']


def check_conversation(visitor, by_visitor, by_agent, live):
    """@by_visitor and @by_agent are whole histories, @live the seqs of this conversation that the agent's socket brought."""
    problems = list(visitor.complaints)
    mine = [m for m in by_visitor if m['sender']['kind'] == 'visitor']
    seqs = [m['seq'] for m in by_visitor]
    if seqs != sorted(set(seqs)):
        problems.append('the history is out of order or doubled')
    by_id = {}
    for message in mine:
        if message.get('id') in by_id:
            problems.append(f'{message["id"]} is stored twice')
        by_id[message.get('id')] = message
    for n, seq in visitor.acked.items():
        stored = by_id.get(f'{visitor.device}:{n}')
        if stored is None:
            problems.append(f'{n} was acknowledged and is lost')
        elif stored['seq'] != seq:
            problems.append(f'{n} was acknowledged as {seq} and is stored as {stored["seq"]}')
    numbers = [int(m['id'].rpartition(':')[2]) for m in mine if m.get('id', '').startswith(visitor.device)]
    if numbers != list(range(1, len(numbers) + 1)):
        problems.append(f'the numbers do not rise by one: {numbers[:20]}')
    if visitor.outbox:
        problems.append(f'{len(visitor.outbox)} are still in the outbox')
    problems += compare('the agent\'s history', [(m['seq'], m['text']) for m in by_agent if m['kind'] == 'text'],
                        [(m['seq'], text_of(m)) for m in by_visitor if m['kind'] == 'text'])
    if not visitor.resets:
        problems += compare('what the visitor saw live', sorted(visitor.messages), seqs)
        problems += compare('the words that the visitor saw', [text_of(visitor.messages[s]) for s in seqs if s in visitor.messages],
                            [text_of(m) for m in by_visitor if m['seq'] in visitor.messages])
    problems += compare('what the agent saw live', live, [m['seq'] for m in by_agent])
    return [f'{visitor.name}: {p}' for p in problems]


def compare(what, got, wanted):
    if got == wanted:
        return []
    lost = [item for item in wanted if item not in set(got)][:5]
    more = [item for item in got if item not in set(wanted)][:5]
    return [f'{what} differs: {len(got)} instead of {len(wanted)}, missing {lost}, too many {more}']


async def check_all(visitors, agents):
    """Every conversation, in both histories and both live views; and the agents' answers stored once each."""
    problems, n = [], 0
    for visitor in visitors:
        by_visitor = await visitor.history()
        by_agent = await agents[0].history(visitor.conversation_id)
        n += len(by_agent)
        for agent in agents:
            problems += check_conversation(visitor, by_visitor, by_agent, agent.message_seqs(visitor.conversation_id))
        stored = [(m['seq'], m['text']) for m in by_agent if m['sender_kind'] == 'agent' and m['kind'] == 'text']
        sent = [(seq, text) for agent in agents for conversation, _, seq, text in agent.sent if conversation == visitor.conversation_id]
        problems += compare(f'{visitor.name}: the agents\' answers', stored, sorted(sent))
    for agent in agents:
        problems += [f'{agent.email}: {c}' for c in agent.complaints]
        seqs = [e['seq'] for e in agent.events]
        if seqs != sorted(set(seqs)):
            problems.append(f'{agent.email}: events out of order or doubled')
    expect(not problems, '\n'.join(problems[:30]))
    return n
