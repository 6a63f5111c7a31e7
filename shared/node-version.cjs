// Refuses a Node that is older than package.json's "engines" says, in a syntax that it can read.
const wanted = require('../package.json').engines.node.replace('>=', '');

function number(version) {
  return version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
}

if (number(process.versions.node) < number(wanted)) {
  console.error('This needs Node ' + wanted + ' or newer; ' + process.execPath + ' is ' + process.version + '.');
  console.error('npm has no Node for this machine. Install Node 24: https://nodejs.org');
  process.exit(1);
}
