'use strict';
(() => {
  const table = document.getElementById('list'), form = document.getElementById('filter');
  const rows = [];
  for (const body of table.tBodies) {
    const title = body.rows[0].cells[0];
    for (const tr of body.querySelectorAll('tr.f')) {
      const text = [...tr.cells].map(cell => cell.textContent.trim());
      rows.push({
        tr, title, rule: body.dataset.rule, kind: body.dataset.rule.split('/')[0], state: text[0], severity: text[1],
        file: text[3].replace(/(:\d+){0,2}$/, ''), owner: text[4] || 'no owner', text: (text.join(' ') + ' ' + body.dataset.rule).toLowerCase(),
        order: rows.length,
      });
    }
  }
  const rank = ['critical', 'high', 'medium', 'low'];
  const columns = [r => r.state, r => rank.indexOf(r.severity), r => r.tr.cells[2].textContent, r => r.file, r => r.owner];
  let column = -1, down = false;
  const compare = (a, b) => {
    if (column < 0) return a.order - b.order;
    const x = columns[column](a), y = columns[column](b);
    return (x < y ? -1 : x > y ? 1 : a.order - b.order) * (down ? -1 : 1);
  };
  const heading = (by, name, n, title) => {
    const tr = document.createElement('tr');
    if (by === 'rule') {
      title.querySelector('.count').textContent = n;
      tr.append(title);
    } else {
      const th = document.createElement('th');
      th.colSpan = 5;
      th.scope = 'rowgroup';
      th.textContent = name + ' (' + n + ')';
      tr.append(th);
    }
    return tr;
  };
  const show = () => {
    const data = new FormData(form), by = data.get('group'), words = data.get('text').toLowerCase().split(/\s+/);
    const groups = new Map();
    let shown = 0;
    for (const row of rows) {
      if (data.get('state') && row.state !== data.get('state') || data.get('severity') && row.severity !== data.get('severity')) continue;
      if (!words.every(word => row.text.includes(word))) continue;
      if (!groups.has(row[by])) groups.set(row[by], []);
      groups.get(row[by]).push(row);
      shown++;
    }
    while (table.tBodies.length) table.tBodies[0].remove();
    const all = document.createDocumentFragment();
    for (const [name, members] of groups) {
      const body = document.createElement('tbody');
      body.append(heading(by, name, members.length, members[0].title), ...members.sort(compare).map(row => row.tr));
      all.append(body);
    }
    table.append(all);
    table.caption.textContent = 'Findings by ' + by;
    form.elements.shown.value = shown + ' of ' + rows.length + ' shown';
  };
  [...table.tHead.rows[0].cells].forEach((th, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = th.textContent;
    button.addEventListener('click', () => {
      down = column === i && !down;
      column = i;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      show();
    });
    th.replaceChildren(button);
  });
  form.addEventListener('input', show);
  form.addEventListener('submit', event => event.preventDefault());
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(d => { d.open = true; }));
  form.hidden = false;
})();
