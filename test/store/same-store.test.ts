import { describeSameStore } from '../contract/same-store-contract.ts'
import { createDuckdb } from './duckdb-under-test.ts'

describeSameStore('DuckDB', createDuckdb)
