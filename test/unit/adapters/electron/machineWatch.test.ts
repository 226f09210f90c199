import { describe, expect, it } from 'vitest';
import { machineWatch } from '../../../../src/adapters/electron/machineWatch.ts';

function machine() {
  const at = { wall: 1_000_000, steady: 0, zone: 'Europe/Berlin', online: true };
  const look = machineWatch({
    now: () => at.wall,
    monotonic: () => at.steady,
    zone: () => at.zone,
    isOnline: () => at.online,
  });
  const pass = (seconds: number) => {
    at.wall += seconds * 1_000;
    at.steady += seconds * 1_000;
  };
  return { at, look, pass };
}

describe('watching the machine', () => {
  it('tells nothing while nothing happens', () => {
    const { look, pass } = machine();
    const told = Array.from({ length: 30 }, () => {
      pass(5);
      return look();
    });
    expect(told.flat()).toEqual([]);
  });

  it('tells once that the network is back', () => {
    const { at, look } = machine();
    at.online = false;
    expect(look()).toEqual([]);
    at.online = true;
    expect(look()).toEqual(['online']);
    expect(look()).toEqual([]);
  });

  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('tells that the clock was set %s, and looks at the zone at once', (_way, by) => {
    const { at, look, pass } = machine();
    pass(5);
    at.wall += by;
    at.zone = 'Asia/Tokyo';
    expect(look()).toEqual(['clockJump', 'zoneChange']);
    expect(look()).toEqual([]);
  });

  it('takes small corrections for none', () => {
    const { at, look } = machine();
    at.wall += 20_000;
    expect(look()).toEqual([]);
  });

  it('notices another zone within a minute', () => {
    const { at, look, pass } = machine();
    at.zone = 'America/New_York';
    pass(30);
    expect(look()).toEqual([]);
    pass(31);
    expect(look()).toEqual(['zoneChange']);
  });
});
