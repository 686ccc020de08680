// Reads resources of Kubernetes as JSON, holds each against its schema, and prints a line for each problem. The schemas refuse wrong types, values and
// missing fields; a field that no schema has asked for is one that the API does not know, which they say nothing about.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const models = process.argv[2];
const require = createRequire(pathToFileURL(join(models, 'kubernetes-models', 'package.json')));

async function schemaOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const word = text => text[0].toUpperCase() + text.slice(1);
  try {
    if (group === 'monitoring.coreos.com') {
      const name = `ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoring${word(version)}${kind}`;
      return (await import(pathToFileURL(join(models, '@kubernetes-models', 'prometheus-operator', '_schemas', `${name}.js`)))).validate;
    }
    const place = group === 'apiextensions.k8s.io' ? 'IoK8sApiextensionsApiserverPkgApisApiextensions' : `IoK8sApi${group.split('.')[0] === 'rbac' ? 'Rbac' : word(group.split('.')[0])}`;
    return require(join(models, 'kubernetes-models', '_schemas', `${place}${word(version)}${kind}.js`)).validate;
  } catch (error) {
    if (!/Cannot find module/.test(error.message)) throw error;
    return null;
  }
}

// An object that remembers which of its fields somebody has asked for.
function watched(value, path, unknown) {
  if (value === null || typeof value !== 'object') return value;
  const asked = new Set();
  const children = new Map();
  if (!Array.isArray(value)) unknown.push(() => Object.keys(value).filter(key => !asked.has(key)).map(key => `${path}/${key}: unknown field`));
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === 'symbol') return target[key];
      asked.add(key);
      if (!children.has(key)) children.set(key, watched(target[key], `${path}/${key}`, unknown));
      return children.get(key);
    },
  });
}

// What is free in form: nobody asks for its fields.
const free = /\/(openAPIV3Schema|annotations|labels|matchLabels|nodeSelector)(\/|$)/;

for (const resource of JSON.parse(readFileSync(0, 'utf8'))) {
  const name = `${resource.kind} ${resource.metadata?.name}`;
  const validate = await schemaOf(resource);
  if (!validate) {
    console.log(`${name}: ${resource.kind} is no kind of ${resource.apiVersion}`);
    continue;
  }
  const unknown = [];
  if (!validate(watched(resource, '', unknown))) for (const error of validate.errors) console.log(`${name}: ${error.instancePath} ${error.message ?? describe(error)}`);
  for (const problem of unknown.flatMap(list => list())) if (!free.test(problem.split(':')[0])) console.log(`${name}: ${problem}`);
}

function describe({ keyword, params }) {
  return keyword === 'required' ? `must have required property ${params.missingProperty}`
    : keyword === 'type' ? `must be ${params.type}`
    : keyword === 'enum' ? 'must be equal to one of the allowed values'
    : `${keyword} ${JSON.stringify(params)}`;
}
