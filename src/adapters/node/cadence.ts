import { schedule } from 'node-cron';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Cadence } from '../../ports/cadence.ts';

/** How often it is looked whether the wall clock was moved or the machine slept. */
const LOOK = 30 * SECOND;

/**
 * Marks of the wall clock, by node-cron.
 * node-cron sleeps on a monotonic timer until the next mark, so after a sleep or a moved clock its next call would be late
 * by as much; a slow look compares both clocks, sets it anew, and makes up for one mark that fell into the gap.
 */
export const cronCadence: Cadence = {
  start(minutes, onMark) {
    const distance = minutes * MINUTE;
    // A mark that comes late still counts, until the next one is due; older ones are not made up for one by one.
    const task = schedule(`*/${minutes} * * * *`, () => onMark(), {
      missedExecutionTolerance: distance,
      suppressMissedWarning: true,
    });
    let wall = Date.now();
    let steady = performance.now();
    const look = setInterval(() => {
      const [lastWall, lastSteady] = [wall, steady];
      wall = Date.now();
      steady = performance.now();
      if (Math.abs(wall - lastWall - (steady - lastSteady)) < SECOND) return;
      void task.stop();
      void task.start();
      if (Math.floor(wall / distance) !== Math.floor(lastWall / distance)) onMark();
    }, LOOK);
    return {
      stop: () => {
        clearInterval(look);
        void task.destroy();
      },
    };
  },
};
