// Fails if a log of the SARIF validator has errors, warnings, or trouble of its own.
const log = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
const bad = [];
for (const run of log.runs) {
  for (const result of run.results || []) {
    const level = result.level || 'warning'; // the default that SARIF has
    if (level !== 'note' && level !== 'none') bad.push(`${level} ${result.ruleId}: ${JSON.stringify(result.message)}`);
  }
  for (const invocation of run.invocations || []) {
    for (const n of [...(invocation.toolExecutionNotifications || []), ...(invocation.toolConfigurationNotifications || [])]) {
      bad.push(`validator: ${JSON.stringify(n.message)}`);
    }
  }
}
if (!log.runs.length) bad.push('the validator wrote no run');
console.log(bad.length ? bad.join('\n') : 'SARIF is valid: no errors, no warnings');
process.exit(bad.length ? 1 : 0);
