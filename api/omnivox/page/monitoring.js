/* global AbortController, TextDecoderStream, document, fetch, getComputedStyle, matchMedia, sessionStorage, setTimeout, uPlot, window */
'use strict';

(() => {
  const STREAM = '/api/v1/monitoring/stream';
  const STORED = 'dialfleet-monitoring';
  /** Five minutes of a figure every two seconds. */
  const POINTS = 150;
  const RETRY_MS = [1000, 2000, 5000, 15000];

  const $ = (selector) => document.querySelector(selector);
  let tokens = JSON.parse(sessionStorage.getItem(STORED) ?? 'null');
  let watching;

  // — who is looking —

  function keep(next) {
    tokens = next;
    if (next) sessionStorage.setItem(STORED, JSON.stringify(next));
    else sessionStorage.removeItem(STORED);
  }

  async function post(path, body, token) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.error?.message ?? 'That did not work');
    return json.data;
  }

  async function refreshed() {
    try {
      keep(await post('/auth/refresh', { refreshToken: tokens.refreshToken }));
      return true;
    } catch {
      return false;
    }
  }

  function showLogIn(message = '') {
    keep(null);
    watching?.abort();
    $('#log-in').hidden = false;
    $('#board').hidden = true;
    $('#log-out').hidden = true;
    $('#log-in-error').textContent = message;
    say('out', 'Not logged in');
  }

  function say(state, text) {
    const element = $('#state');
    if (element.dataset.state === state && element.textContent === text) return;
    element.dataset.state = state;
    element.textContent = text;
  }

  // — the stream —

  /** Each event of a stream of server-sent events, as far as we send them: one `event` line and one `data` line. */
  async function* eventsOf(body) {
    let text = '';
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (name) yield { name, data: JSON.parse(data) };
      }
    }
  }

  /** Watches once; answers what to do next. */
  async function watchOnce(signal, heard) {
    const answer = await fetch(STREAM, { headers: { authorization: `Bearer ${tokens.accessToken}` }, signal });
    if (answer.status === 401) return 'refresh';
    if (answer.status === 403) return 'forbidden';
    if (!answer.ok) return 'again';
    say('live', 'Live');
    for await (const { name, data } of eventsOf(answer.body)) {
      if (name === 'over') return 'refresh';
      heard();
      show(data);
    }
    return 'again';
  }

  async function watch() {
    watching?.abort();
    const own = (watching = new AbortController());
    $('#log-in').hidden = true;
    $('#board').hidden = false;
    $('#log-out').hidden = false;
    say('out', 'Connecting…');
    let failures = 0;
    while (!own.signal.aborted) {
      let next = 'again';
      try {
        next = await watchOnce(own.signal, () => (failures = 0));
      } catch {
        // the server is away: said below, and tried again
      }
      if (own.signal.aborted) return;
      if (next === 'forbidden') return showLogIn('This page is for owners and administrators.');
      if (next === 'refresh') {
        if (!(await refreshed())) return showLogIn('Please log in again.');
        continue;
      }
      say('lost', 'Connection lost, trying again…');
      const waitMs = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  // — the figures —

  const number = new Intl.NumberFormat('en');
  const set = (name, text, isAlert = false) => {
    const element = $(`[data-figure="${name}"]`);
    element.textContent = text;
    element.classList.toggle('alert', isAlert);
  };
  const sum = (counts) => Object.values(counts).reduce((all, count) => all + count, 0);
  let before;

  /** Calls ended per second since the figures before; null: there were none, or a new day has begun. */
  function endingRate({ timestamp, calls }) {
    const now = { at: Date.parse(timestamp) / 1000, ended: sum(calls.endedToday) };
    const rate = before && now.ended >= before.ended && now.at > before.at ? (now.ended - before.ended) / (now.at - before.at) : null;
    before = now;
    return rate;
  }

  function show(figures) {
    const { calls, performance, resources, queue, services, alerts } = figures;
    const over = new Set(alerts.map((alert) => alert.name));
    const rate = endingRate(figures);
    for (const status of ['in_progress', 'ringing', 'dialing', 'queued']) set(status, number.format(calls.byStatus[status] ?? 0));
    set('waiting', calls.waiting >= 10000 ? '10,000 or more' : number.format(calls.waiting));
    set('rate', rate === null ? '–' : rate.toFixed(1));
    set('requests', performance.requestsPerSecond.toFixed(1));
    set('p95', performance.p95ResponseTime === null ? '–' : `${performance.p95ResponseTime} ms`, over.has('responseTime'));
    set('errors', `${performance.errorRate} %`, over.has('errorRate'));
    set('memory', `${resources.memoryUsage} %`, over.has('memoryUsage'));
    set('cpu', `${resources.cpuUsage} %`);
    set('loop', `${resources.eventLoopDelay} ms`);
    set('jobs', number.format(queue.waiting));
    set('failed', number.format(queue.failed));
    for (const name of ['database', 'redis', 'twilio']) set(name, services[name], services[name] === 'unhealthy');
    set('since', new Date(Date.parse(figures.timestamp) - resources.uptime * 1000).toLocaleString());
    $('#updated').textContent = new Date(figures.timestamp).toLocaleTimeString();
    $('#updated').dateTime = figures.timestamp;
    list('#alerts', alerts.length === 0 ? [['Nothing needs attention.']] : alerts.map(({ message }) => [message, 'alert']), 'li');
    rows(Object.entries(calls.endedToday));
    draw(figures, rate);
  }

  /** Changes a list only where it differs: what is read aloud must not be repeated. */
  function list(selector, items, tag) {
    const element = $(selector);
    if (element.dataset.shown === JSON.stringify(items)) return;
    element.dataset.shown = JSON.stringify(items);
    element.replaceChildren(
      ...items.map(([text, className = '']) => Object.assign(document.createElement(tag), { textContent: text, className })),
    );
  }

  function rows(entries) {
    const made =
      entries.length === 0 ? [['None yet', '0']] : entries.map(([status, calls]) => [status.replaceAll('_', ' '), number.format(calls)]);
    $('#ended').replaceChildren(
      ...made.map((cells) => {
        const row = document.createElement('tr');
        row.append(...cells.map((text) => Object.assign(document.createElement('td'), { textContent: text })));
        return row;
      }),
    );
  }

  // — the charts —

  const times = [];
  const CHARTS = [
    {
      id: 'chart-calls',
      series: [
        ['In progress', ({ calls }) => calls.byStatus.in_progress ?? 0],
        ['Ringing', ({ calls }) => calls.byStatus.ringing ?? 0],
        ['Dialing', ({ calls }) => calls.byStatus.dialing ?? 0],
        ['In the queue', ({ calls }) => calls.byStatus.queued ?? 0],
      ],
    },
    { id: 'chart-rate', series: [['Ended per second', (_, rate) => rate]] },
    { id: 'chart-time', series: [['95 %', ({ performance }) => performance.p95ResponseTime]] },
    {
      id: 'chart-load',
      series: [
        ['Memory', ({ resources }) => resources.memoryUsage],
        ['Processor', ({ resources }) => resources.cpuUsage],
        ['Errors', ({ performance }) => performance.errorRate],
      ],
    },
  ].map((chart) => ({ ...chart, values: chart.series.map(() => []), plot: undefined }));

  function draw(figures, rate) {
    times.push(Date.parse(figures.timestamp) / 1000);
    if (times.length > POINTS) times.shift();
    for (const chart of CHARTS) {
      chart.series.forEach(([, valueOf], index) => {
        chart.values[index].push(valueOf(figures, rate));
        if (chart.values[index].length > POINTS) chart.values[index].shift();
      });
      chart.plot ??= plotOf(chart);
      chart.plot.setData([times, ...chart.values]);
    }
  }

  function plotOf({ id, series, values }) {
    const holder = document.getElementById(id);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const axis = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1 } };
    const options = {
      width: Math.max(200, holder.clientWidth),
      height: 180,
      cursor: { y: false },
      scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(1, (high ?? 1) * 1.1)] } },
      axes: [axis, axis],
      series: [{}, ...series.map(([label], index) => ({ label, stroke: colour('abcd'[index]), width: 2, spanGaps: false }))],
    };
    return new uPlot(options, [times, ...values], holder);
  }

  function drawAnew() {
    for (const chart of CHARTS) {
      chart.plot?.destroy();
      chart.plot = chart.plot && plotOf(chart);
    }
  }

  function resize() {
    for (const { id, plot } of CHARTS) plot?.setSize({ width: Math.max(200, document.getElementById(id).clientWidth), height: 180 });
  }

  // — the beginning —

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAnew);
  window.addEventListener('resize', resize);
  $('#log-out').addEventListener('click', () => {
    const token = tokens?.accessToken;
    showLogIn();
    $('#log-in input').focus();
    if (token) fetch('/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
  });
  $('#log-in').addEventListener('submit', async (event) => {
    event.preventDefault();
    const form = event.target;
    const { email, password } = Object.fromEntries(new window.FormData(form));
    try {
      keep(await post('/auth/login', { email, password }));
    } catch (error) {
      showLogIn(error.message);
      return;
    }
    form.reset();
    void watch();
  });
  if (tokens) void watch();
})();
