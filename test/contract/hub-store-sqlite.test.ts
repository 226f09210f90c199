import { hubStoreContract } from './hub-store-contract.ts';
import { openSqliteWorld } from './hub-store-sqlite-world.ts';

hubStoreContract('SQLite', openSqliteWorld);
