// Theme, and pages that follow what changes. Without this script every page and every action works; it is then as of when it was asked for.
(() => {
  const stored = () => { try { return localStorage.getItem('driftguard-theme') ?? ''; } catch { return ''; } };
  const apply = theme => { if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme; };
  apply(stored());

  // Makes an element like another one, and leaves alone what is the same: focus, what is typed, and what is unfolded stay.
  const morph = (now, next) => {
    if (now.isEqualNode(next)) return;
    if (now.nodeType !== next.nodeType || now.nodeName !== next.nodeName) { now.replaceWith(next.cloneNode(true)); return; }
    if (now.nodeType !== Node.ELEMENT_NODE) { now.nodeValue = next.nodeValue; return; }
    const unfolded = now.nodeName === 'DETAILS' && now.open;
    for (const { name } of [...now.attributes]) if (!next.hasAttribute(name) && name !== 'open') now.removeAttribute(name);
    for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value && !(name === 'value' && now.form?.contains(document.activeElement))) now.setAttribute(name, value);
    if (unfolded) now.open = true;
    if (now.nodeName === 'FORM' && now.contains(document.activeElement)) return;
    const [old, fresh] = [[...now.childNodes], [...next.childNodes]];
    fresh.forEach((child, i) => i < old.length ? morph(old[i], child) : now.append(child.cloneNode(true)));
    old.slice(fresh.length).forEach(child => child.remove());
  };

  let source, busy = false, again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
      if (answer.redirected) { location.href = answer.url; return; }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      morph(document.getElementById('main'), page.getElementById('main'));
      document.title = page.title;
      document.body.dataset.live = page.body.dataset.live ?? '';
      say('Live: as of ' + new Date().toLocaleTimeString());
      follow();
    } catch { say('Not live: the server does not answer. Trying again.'); }
    finally { busy = false; if (again) { again = false; refresh(); } }
  };

  const say = text => { const live = document.getElementById('live'); if (live) live.textContent = text; };
  const follow = () => {
    source?.close();
    const address = document.body.dataset.live;
    if (!address || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener('open', () => {
      document.body.dataset.following = 'yes';
      if (!document.getElementById('live')?.textContent.startsWith('Live: as of')) say('Live: follows what changes.');
    });
    source.addEventListener('changed', refresh);
    source.addEventListener('error', () => say('Not live: the connection was lost. Trying again.'));
  };

  addEventListener('DOMContentLoaded', () => {
    const theme = document.getElementById('theme');
    if (theme) {
      theme.value = stored();
      theme.addEventListener('change', () => { try { localStorage.setItem('driftguard-theme', theme.value); } catch { /* for this page alone */ } apply(theme.value); });
    }
    // Asked twice before what cannot be taken back.
    document.addEventListener('submit', event => { const ask = event.submitter?.dataset.confirm; if (ask && !confirm(ask)) event.preventDefault(); });
    follow();
  });
  document.addEventListener('visibilitychange', () => document.hidden ? source?.close() : refresh());
})();
