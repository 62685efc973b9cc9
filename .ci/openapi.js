// Takes what policyctl calls out of GitHub's description of its API, as JSON Schemas that the tests of internal/github
// hold requests against:
//
//   npm install --ignore-scripts --prefix dist/openapi @octokit/openapi@23.0.2
//   node .ci/openapi.js dist/openapi/node_modules/@octokit/openapi > internal/github/testdata/openapi.json
const fs = require('fs');
const [dir] = process.argv.slice(2);
const api = JSON.parse(fs.readFileSync(`${dir}/generated/api.github.com.json`, 'utf8'));
const { name, version, license } = JSON.parse(fs.readFileSync(`${dir}/package.json`, 'utf8'));

const wanted = [
  'GET /user',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'POST /repos/{owner}/{repo}/check-runs',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'POST /repos/{owner}/{repo}/code-scanning/sarifs',
  'GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}',
];

const resolve = (x) => (x && x.$ref ? x.$ref.slice(2).split('/').reduce((o, key) => o[key], api) : x);
const prose = new Set(['description', 'example', 'examples', 'title', 'default', 'deprecated', 'discriminator', 'x-github']);

// schema turns OpenAPI 3.0 into JSON Schema. Objects take no other properties than those described: what GitHub would
// ignore is a mistake of ours. Branches of a choice describe only a part of the object.
function schema(x, part = false) {
  x = resolve(x);
  const out = {};
  for (const [key, value] of Object.entries(x)) {
    if (prose.has(key) || key === 'nullable') continue;
    if (key === 'properties') out.properties = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, schema(v)]));
    else if (key === 'items') out.items = schema(value);
    else if (['oneOf', 'anyOf', 'allOf'].includes(key)) out[key] = value.map((v) => schema(v, true));
    else out[key] = value;
  }
  if (x.nullable && out.type) out.type = [out.type, 'null'];
  if (out.properties && !part) out.additionalProperties = false;
  return out;
}

function parameters(path, method, place) {
  const all = [...(path.parameters || []), ...(method.parameters || [])].map(resolve).filter((p) => p.in === place);
  return {
    type: 'object',
    properties: Object.fromEntries(all.map((p) => [p.name, schema(p.schema)])),
    required: all.filter((p) => p.required).map((p) => p.name),
    additionalProperties: false,
  };
}

const operations = {};
for (const key of wanted) {
  const [verb, url] = key.split(' ');
  const path = api.paths[url];
  const method = path[verb.toLowerCase()];
  const body = resolve(method.requestBody);
  operations[key] = {
    path: parameters(path, method, 'path'),
    query: parameters(path, method, 'query'),
    ...(body && { body: schema(body.content['application/json'].schema) }),
    success: Object.keys(method.responses).map(Number).filter((status) => status >= 200 && status < 300),
  };
}
const json = JSON.stringify({ source: `npm:${name}@${version} generated/api.github.com.json`, license, operations }, null, 1);
process.stdout.write(json + '\n');
