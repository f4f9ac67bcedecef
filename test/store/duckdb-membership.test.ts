import { describeMembershipContract } from '../contract/membership-contract.ts'
import { createDuckdb } from './duckdb-under-test.ts'

describeMembershipContract('DuckDB', createDuckdb)
