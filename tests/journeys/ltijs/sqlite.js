// What Sequelize asks of the npm package sqlite3, on a SQLite that needs no compiler: it runs as WebAssembly.

const { Database: Wasm } = require("node-sqlite3-wasm");

const READS = /^\s*(select|pragma|with|explain)/i;

class Database {
  constructor(file, _mode, done) {
    this.filename = file;
    this.sqlite = new Wasm(file);
    setImmediate(done, null);
  }

  serialize(work) {
    work();
  }

  run(sql, values, done) {
    this.#answer(sql, values, done);
    return this;
  }

  all(sql, values, done) {
    this.#answer(sql, values, done);
    return this;
  }

  exec(sql, done) {
    this.#answer(sql, undefined, done);
    return this;
  }

  close(done) {
    this.sqlite.close();
    done?.(null);
  }

  #answer(sql, values, done) {
    if (typeof values === "function") [values, done] = [undefined, values];
    let rows;
    const told = { lastID: 0, changes: 0 };
    try {
      if (READS.test(sql)) rows = this.sqlite.all(sql, this.#bound(values));
      else {
        const { changes, lastInsertRowId } = this.sqlite.run(sql, this.#bound(values));
        Object.assign(told, { changes, lastID: Number(lastInsertRowId) });
      }
    } catch (error) {
      setImmediate(() => done?.call(told, error));
      return;
    }
    setImmediate(() => done?.call(told, null, rows ?? []));
  }

  #bound(values) {
    if (!values || Object.keys(values).length === 0) return undefined;
    return Array.isArray(values) ? values : Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? null]));
  }
}

module.exports = { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4, OPEN_FULLMUTEX: 0x10000 };
