import { describe, expect, it } from 'vitest';
import { CaldavCalendarProvider } from '../../../../src/adapters/calendar/caldav/provider.ts';
import { mayHavePassword, serverUrl } from '../../../../src/adapters/calendar/caldav/site.ts';
import type { Fetch } from '../../../../src/adapters/http.ts';
import { event, file } from './icalendar/files.ts';

describe('where the password of a CalDAV account may go', () => {
  it.each([
    ['https://caldav.icloud.com', 'https://p34-caldav.icloud.com:443/1/principal/', true],
    ['https://example.com', 'https://dav.example.com/', true],
    ['https://dav.example.co.uk', 'https://dav2.example.co.uk/', true],
    ['https://example.co.uk', 'https://evil.co.uk/', false],
    ['https://caldav.icloud.com', 'http://p34-caldav.icloud.com/', false],
    ['https://caldav.icloud.com', 'https://icloud.com.evil.example/', false],
    ['https://caldav.icloud.com', 'https://evil.example/', false],
    ['https://10.0.0.1', 'https://10.0.0.2/', false],
    ['https://dav', 'https://other/', false],
    ['http://127.0.0.1:5232', 'http://127.0.0.1:5232/x', true],
    ['http://127.0.0.1:5232', 'http://127.0.0.1:80/x', false],
  ])('given for %s, at %s: %s', (agreed, target, expected) => {
    expect(mayHavePassword(new URL(agreed), new URL(target))).toBe(expected);
  });

  it.each([
    ['example.com', 'https://example.com/'],
    ['caldavs://example.com/dav', 'https://example.com/dav'],
    [' https://ada:secret@example.com/dav#x ', 'https://example.com/dav'],
    ['http://localhost:5232/', 'http://localhost:5232/'],
  ])('%s is taken as %s', (written, expected) => expect(serverUrl(written).href).toBe(expected));

  it.each(['', 'http://example.com', 'ftp://example.com', 'https://'])('%s is refused', (written) => {
    expect(() => serverUrl(written)).toThrow(expect.objectContaining({ code: 'invalidInput', reason: 'address' }));
  });
});

const NAMESPACES = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/"';

/** One response of a multistatus, as servers write them. */
const answer = (href: string, prop: string) =>
  `<response><href>${href}</href><propstat><prop>${prop}</prop><status>HTTP/1.1 200 OK</status></propstat></response>`;
const gone = (href: string, status = '404 Not Found') =>
  `<response><href>${href}</href><status>HTTP/1.1 ${status}</status></response>`;

/** A server that is a list of answers by what is asked. */
class ScriptedServer {
  readonly asked: string[] = [];
  readonly authorized: string[] = [];
  readonly objects = new Map<string, { etag: string; text: string }>();
  ctag = 'c1';
  token: string | null = null;
  /** Answers of sync-collection, in order. */
  syncs: string[] = [];
  redirects = new Map<string, string>();
  home = '/home/';
  calendarType = '<resourcetype><collection/><c:calendar/></resourcetype>';

  readonly fetch: Fetch = async (address, init) => {
    const url = new URL(address);
    const body = String(init?.body ?? '');
    const kind = /<(?:\w+:)?(propfind|calendar-query|calendar-multiget|sync-collection)/.exec(body)?.[1] ?? '';
    this.asked.push(`${kind} ${url.host}${url.pathname}`);
    this.authorized.push(new Headers(init?.headers).get('authorization') === null ? 'no' : url.host);
    const location = this.redirects.get(url.href);
    if (location !== undefined) return new Response(null, { status: 302, headers: { location } });
    const multistatus = (inner: string) =>
      new Response(`<?xml version="1.0"?><multistatus ${NAMESPACES}>${inner}</multistatus>`, {
        status: 207,
        headers: { 'content-type': 'application/xml; charset=utf-8' },
      });
    const data = (hrefs: readonly string[]) =>
      hrefs.map((href) => {
        const object = this.objects.get(href);
        if (object === undefined) return gone(href);
        const text = `<c:calendar-data><![CDATA[${object.text}]]></c:calendar-data>`;
        return answer(href, `<getetag>"${object.etag}"</getetag>${text}`);
      });
    if (kind === 'sync-collection') return multistatus(this.syncs.shift() ?? `<sync-token>${this.token}</sync-token>`);
    if (kind === 'calendar-query') return multistatus(data([...this.objects.keys()]).join(''));
    if (kind === 'calendar-multiget') {
      return multistatus(data([...body.matchAll(/<d:href>([^<]*)</g)].map(([, href = '']) => href)).join(''));
    }
    if (body.includes('current-user-principal')) {
      return multistatus(answer(url.pathname, '<current-user-principal><href>/me/</href></current-user-principal>'));
    }
    if (body.includes('calendar-user-address-set')) {
      const mail =
        '<c:calendar-user-address-set><href>/me/</href><href>mailto:ada@x.example</href></c:calendar-user-address-set>';
      return multistatus(answer('/me/', `<c:calendar-home-set><href>${this.home}</href></c:calendar-home-set>${mail}`));
    }
    if (body.includes('resourcetype')) {
      const tasks = '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>';
      return multistatus(
        answer('/home/', '<resourcetype><collection/></resourcetype>') +
          answer('/home/work/', `${this.calendarType}<displayname>2026</displayname>`) +
          answer('/home/tasks/', `${this.calendarType}${tasks}`),
      );
    }
    const token = this.token === null ? '' : `<sync-token>${this.token}</sync-token>`;
    return multistatus(answer('/home/work/', `<cs:getctag>${this.ctag}</cs:getctag>${token}`));
  };

  put(name: string, etag = '1', ...lines: string[]): void {
    const text = file(event('DTSTART:20260105T090000Z', 'DTEND:20260105T100000Z', `SUMMARY:${name}`, ...lines));
    this.objects.set(`/home/work/${name}.ics`, { etag, text: text.replace('UID:u', `UID:${name}`) });
  }
}

function over(server: ScriptedServer, address = 'https://dav.x.example') {
  const provider = new CaldavCalendarProvider(
    { id: 'caldav', provider: 'caldav', username: 'ada', server: address, calendars: [] },
    { fetch: server.fetch, now: () => 0, password: async () => 'secret' },
  );
  const { signal } = new AbortController();
  const window = { start: Date.parse('2026-01-05T00:00Z'), end: Date.parse('2026-01-06T00:00Z') };
  return {
    provider,
    signal,
    view: () => provider.calendarView(window, 'UTC', signal),
    subjects: async () => (await provider.calendarView(window, 'UTC', signal)).map(({ subject }) => subject).sort(),
  };
}

describe('CalDAV servers that differ', () => {
  it('without sync tokens: by the ctag, one request while nothing changes', async () => {
    const server = new ScriptedServer();
    server.put('one');
    const { subjects, provider, signal } = over(server);
    expect(await provider.calendars(signal)).toEqual([
      { id: 'https://dav.x.example/home/work/', name: '2026', isDefault: true },
    ]);
    expect(await subjects()).toEqual(['one']);
    server.asked.length = 0;
    expect(await subjects()).toEqual(['one']);
    expect(server.asked).toEqual(['propfind dav.x.example/home/work/']);
    server.put('two');
    server.ctag = 'c2';
    expect(await subjects()).toEqual(['one', 'two']);
  });

  it('a long list of changes comes in parts (RFC 6578 section 3.6)', async () => {
    const server = new ScriptedServer();
    server.token = 't1';
    server.put('one');
    const { subjects } = over(server);
    await subjects();
    server.put('two');
    server.put('three');
    server.objects.delete('/home/work/one.ics');
    const change = (name: string) => answer(`/home/work/${name}.ics`, '<getetag>"1"</getetag>');
    server.syncs = [
      `${change('two')}${gone('/home/work/', '507 Insufficient Storage')}<sync-token>t2</sync-token>`,
      `${change('three')}${gone('/home/work/one.ics')}<sync-token>t3</sync-token>`,
    ];
    server.asked.length = 0;
    expect(await subjects()).toEqual(['three', 'two']);
    expect(server.asked.map((asked) => asked.split(' ')[0])).toEqual([
      'sync-collection',
      'sync-collection',
      'calendar-multiget',
    ]);
  });

  it('an object that is gone before it is fetched is gone', async () => {
    const server = new ScriptedServer();
    server.token = 't1';
    server.put('one');
    const { subjects } = over(server);
    await subjects();
    server.objects.delete('/home/work/one.ics');
    server.syncs = [`${answer('/home/work/one.ics', '<getetag>"2"</getetag>')}<sync-token>t2</sync-token>`];
    expect(await subjects()).toEqual([]);
  });

  it('hands on to a partition host of the same site, as iCloud does', async () => {
    const server = new ScriptedServer();
    server.put('one');
    server.redirects.set('https://caldav.x.example/.well-known/caldav', 'https://p34-caldav.x.example/');
    server.home = 'https://p35-caldav.x.example:443/home/';
    const { subjects, provider, signal } = over(server, 'caldav.x.example');
    expect(await subjects()).toEqual(['one']);
    expect(await provider.calendars(signal)).toMatchObject([{ id: 'https://p35-caldav.x.example/home/work/' }]);
    expect(new Set(server.authorized)).toEqual(
      new Set(['caldav.x.example', 'p34-caldav.x.example', 'p35-caldav.x.example']),
    );
  });

  it('a home on another site is never asked with the password', async () => {
    const server = new ScriptedServer();
    server.home = 'https://evil.example/home/';
    const { view } = over(server);
    await expect(view()).rejects.toMatchObject({ code: 'forbidden', reason: 'otherSite' });
    expect(server.asked.join()).not.toContain('evil');
  });

  it('knows the person among the attendees by the address that the server tells', async () => {
    const server = new ScriptedServer();
    server.put('one', '1', 'ORGANIZER:mailto:bob@x.example', 'ATTENDEE;PARTSTAT=DECLINED:mailto:ada@x.example');
    expect(await over(server).view()).toMatchObject([{ responseStatus: 'declined', otherAttendees: 1 }]);
  });

  it('without any calendar says so', async () => {
    const server = new ScriptedServer();
    server.calendarType = '<resourcetype><collection/></resourcetype>';
    await expect(over(server).view()).rejects.toMatchObject({ code: 'notFound', reason: 'noCalendars' });
  });

  it('an answer that is no multistatus is never an empty calendar', async () => {
    for (const answered of [
      () => new Response('', { status: 200 }),
      () => new Response('<html/>', { status: 207, headers: { 'content-type': 'text/html' } }),
      () =>
        new Response('<multistatus xmlns="DAV:"><response><href>/</href></response>', {
          status: 207,
          headers: { 'content-type': 'text/xml' },
        }),
      () => new Response('<multistatus><broken', { status: 207, headers: { 'content-type': 'text/xml' } }),
    ]) {
      const server = new ScriptedServer();
      const { view } = over(Object.assign(server, { fetch: async () => answered() }));
      await expect(view()).rejects.toMatchObject({ code: 'badResponse' });
    }
  });
});
