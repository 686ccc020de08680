{{- /* The pod of a role of `driftguard serve`. */ -}}
{{- define "driftguard.pod" -}}
{{- $root := .root -}}
{{- $role := .role -}}
{{- $values := index $root.Values $role -}}
metadata:
  labels:
    {{- include "driftguard.labels" . | nindent 4 }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/config: {{ include "driftguard.configData" $root | sha256sum }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "driftguard.serviceAccountName" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ include "driftguard.gracePeriod" $root }}
  {{- include "driftguard.placement" (dict "root" $root "role" $role "values" $values) | nindent 2 }}
  {{- if $root.Values.modelLock.pull }}
  initContainers:
    - name: models
      args: [models, pull]
      {{- include "driftguard.container" (dict "root" $root "values" $values) | nindent 6 }}
  {{- end }}
  containers:
    - name: driftguard
      args: [serve, --role, {{ ternary "all" $role (eq $role "embedded") }}]
      ports:
        - name: http
          containerPort: {{ include "driftguard.port" $root }}
          protocol: TCP
      {{- include "driftguard.probes" $root | nindent 6 }}
      {{- include "driftguard.container" (dict "root" $root "values" $values) | nindent 6 }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if ne $role "embedded" }}
    - name: data
      emptyDir:
        sizeLimit: {{ $root.Values.modelCache.sizeLimit }}
    {{- end }}
    {{- include "driftguard.volumes" $root | nindent 4 }}
{{- end -}}

{{- /* Where pods run. */ -}}
{{- define "driftguard.placement" -}}
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if and .root.Values.topologySpread.enabled (ne .role "embedded") }}
topologySpreadConstraints:
  {{- $selector := include "driftguard.selectorLabels" . }}
  {{- range .root.Values.topologySpread.topologyKeys }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: {{ $.root.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- $selector | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
{{- end -}}

{{- define "driftguard.probes" -}}
{{- $probe := printf "port: http\nscheme: %s" (upper (include "driftguard.scheme" .)) -}}
startupProbe:
  httpGet:
    path: /health/live
    {{- $probe | nindent 4 }}
  periodSeconds: 5
  failureThreshold: {{ max 1 (div (int .Values.probes.startupSeconds) 5) }}
livenessProbe:
  httpGet:
    path: /health/live
    {{- $probe | nindent 4 }}
  periodSeconds: {{ .Values.probes.livenessSeconds }}
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: /health/ready
    {{- $probe | nindent 4 }}
  periodSeconds: {{ .Values.probes.readinessSeconds }}
  timeoutSeconds: 6
  failureThreshold: 2
{{- end -}}

{{- /* What every container of the image has. */ -}}
{{- define "driftguard.container" -}}
{{- $root := .root -}}
image: {{ include "driftguard.image" $root }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
env:
  - name: DRIFTGUARD_CONFIG
    value: {{ include "driftguard.configFolder" $root }}/driftguard.yaml
  {{- with concat $root.Values.env .values.env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $root.Values.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
resources:
  {{- toYaml .values.resources | nindent 2 }}
securityContext:
  {{- toYaml $root.Values.containerSecurityContext | nindent 2 }}
volumeMounts:
  - name: config
    mountPath: {{ include "driftguard.configFolder" $root }}
    readOnly: true
  - name: data
    mountPath: {{ include "driftguard.dataDirectory" $root }}
  - name: tmp
    mountPath: /tmp
  {{- if $root.Values.modelCache.existingClaim }}
  - name: models
    mountPath: {{ include "driftguard.setting" (dict "root" $root "path" "models.cache") | default (printf "%s/models" (include "driftguard.dataDirectory" $root)) }}
  {{- end }}
  {{- range $root.Values.secrets }}
  - name: secret-{{ .name }}
    mountPath: {{ include "driftguard.secretsFolder" $root }}/{{ .name }}
    readOnly: true
  {{- end }}
  {{- range $root.Values.calibrationSets }}
  - name: calibration-{{ .name }}
    mountPath: {{ include "driftguard.calibrationFolder" $root }}/{{ .name }}
    {{- with .subPath }}
    subPath: {{ . }}
    {{- end }}
    readOnly: true
  {{- end }}
  {{- with $root.Values.volumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "driftguard.volumes" -}}
- name: config
  projected:
    sources:
      - configMap:
          name: {{ include "driftguard.fullname" . }}
      {{- with .Values.modelLock.configMap }}
      - configMap:
          name: {{ . }}
          items: [{ key: models.lock.yaml, path: models.lock.yaml }]
      {{- end }}
{{- with .Values.modelCache.existingClaim }}
- name: models
  persistentVolumeClaim:
    claimName: {{ . }}
{{- end }}
{{- range .Values.secrets }}
- name: secret-{{ .name }}
  secret:
    secretName: {{ .secretName }}
    defaultMode: 0440
    {{- with .items }}
    items:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- range .Values.calibrationSets }}
- name: calibration-{{ .name }}
  {{- if .configMap }}
  configMap:
    name: {{ .configMap }}
  {{- else }}
  {{- toYaml .volume | nindent 2 }}
  {{- end }}
{{- end }}
{{- with .Values.volumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
